/**
 * What a page needs that becomes another one without being loaded anew, loaded by widget.ts once it does. The address
 * alone does not tell when: some applications change it before the content, some after it, and some keep the old page
 * for as long as it moves out of sight. So a number belongs to the heading that stands over it: an element shows
 * another page's number only beside another heading. Pages are named by the paths of their views.
 */
import { write } from "./numbers";
import { canonical, type Told } from "./page";

export interface Navigation {
  start: typeof start;
}

/** Elements that show the page that is read. */
const OWN = 'view-count:not([data-views]),[data-views=""]';
const HEADINGS = "h1,h2";
/** How long the content of another page may take, in milliseconds: then its address alone is believed. */
const PATIENCE = 4000;

/** What the API told of a page last. */
const answers = new Map<string, Told>();
/** What stood over the number of a page when it was shown first. */
const headings = new Map<string, string>();
/** Which page an element showed last, if any, under which heading, and which was the first of all. */
const shown = new Map<Element, { page?: string; heading: string; first: string }>();

/** What the first script has: its tag, the address for an article or a path, and how that page is read. */
let tag: HTMLScriptElement;
let views: (article?: string, path?: string) => string;
let read: (page: string) => void;

/** The page that is read, and what was told of it. */
let own: string;
/** The looks at the page so far, and the one at which its number found an element. */
let looks = 0;
let found: number;
let told: Told | undefined;
/** Its own address, what its head named when it was found there, and its titles. */
let address: string;
let name: string;
let titles: string[];
/** Where the reader is led to, whether its content is waited for, and whether the address alone is believed. */
let goal: string;
let waiting: boolean;
let believed: boolean;
let timer: ReturnType<typeof setTimeout> | undefined;

/**
 * Begin with the page that the first script has shown: what it was told, and the headings that it had when it
 * showed its number. Where another one stands over the number by now, the content is the next page's already.
 *
 * @returns what is to be called whenever the first script looks at the page.
 */
export const start = (
  first: string,
  answer: Told | undefined,
  at: string,
  former: string[] | null | undefined,
  ...script: [typeof tag, typeof views, typeof read]
) => {
  [tag, views, read] = script;
  arrive(first, at);
  name = fold(first);
  titles = former?.slice(0, 1) ?? [];
  if (answer?.article) answers.set(own, answer);
  for (const element of document.querySelectorAll(OWN)) {
    const heading = headingOver(element);
    if (former && !former.includes(heading)) continue;
    if (!headings.has(own)) headings.set(own, heading);
    if (former || heading == headings.get(own)) shown.set(element, { page: own, heading, first: headingOver() });
  }
  // While something waits, a change is looked at before it is painted.
  new MutationObserver(() => waiting && navigate(own, told)).observe(document, {
    childList: true,
    subtree: true,
    characterData: true,
  });
  // Some frameworks change the canonical address in the element that has it.
  new MutationObserver(() => navigate(own, told)).observe(document.head, {
    subtree: true,
    attributeFilter: ["href"],
  });
  return navigate;
};

/** Find out whether the page is another one, read it, and show its number where that belongs. */
const navigate = (page: string, answer?: Told): void => {
  if (own != page) arrive(page, views());
  told = answer;
  if (answer?.article) answers.set(own, answer);
  const manual = tag.dataset.manual != null;
  const here = manual ? own : views();
  if (goal != here) {
    goal = here;
    clearTimeout(timer);
    timer = undefined;
    believed = false;
  }
  waiting = false;
  looks++;
  if (!manual) {
    const named = nameOf();
    if (fold(named) != name && fold(named) != fold(here)) {
      name = fold(named); // the head names this page otherwise than its address, and otherwise than the one before
      // It may do so late: the elements that show the page by its address show it by its name.
      if (fold(here) == fold(address)) for (const [element, { page }] of shown) if (page == own) shown.delete(element);
      return read(named);
    }
    if (fold(here) == fold(address)) titles = titlesOf()[0] ? titlesOf() : titles;
    else if (turned(here) || (believed ||= gone())) return read(here);
    else wait();
  }

  for (const element of document.querySelectorAll<HTMLElement>(OWN)) {
    // What an application says itself to be over is over; else the old page may still be there.
    const page = mine(element) ? own : manual && !found ? "" : belongs(element);
    const known: Told | undefined = page == own ? (answers.get(own) ?? told) : page == "" ? {} : answers.get(page!);
    if (known) write(element, known.views ?? null);
  }
};

/** Begin to read a page at an address. */
const arrive = (page: string, at: string) => {
  own = page;
  headings.delete(own);
  found = 0;
  address = at;
  name = fold(nameOf());
  titles = titlesOf();
  for (const element of shown.keys()) if (!element.isConnected) shown.delete(element);
};

/** Tell whether an element shows the page that is read. */
const mine = (element: Element) => {
  const heading = headingOver(element);
  const first = headingOver();
  const last = shown.get(element);
  if (own && last?.page != own) {
    const stands = [...shown].some(([each, { page }]) => page == own && each.isConnected);
    // It stands where it showed its last page: so that is there still, unless nothing else tells of a page.
    if (belongs(element) && !(believed && !stands && answers.has(own))) return wait();
    // Articles that follow each other on one page: the next one's number is not known before its address.
    const next = stands && heading != headings.get(own) && document.readyState == "complete";
    if (next && (last ? last.page == undefined : found != looks)) {
      shown.set(element, { heading, first });
      return false;
    }
  }
  if (own && !headings.get(own)) {
    headings.set(own, heading);
    found = looks;
  }
  // What comes before its address, and is another page's, comes under another heading.
  if (last?.page != own || !last.heading)
    shown.set(element, { page: own, heading: found == looks ? heading : headings.get(own)!, first });
  else if (last.heading == heading) last.first = first;
  return true;
};

/** Tell whether a number stands beside another heading, or beside that of the page with this address. */
const turned = (here: string) =>
  [...document.querySelectorAll(OWN)].some((element) => shown.get(element)?.page == here || !belongs(element));

/** Tell whether the page has lost a title, or has none, as one without numbers, or with these in its frame alone. */
const gone = () => {
  const present = textsOf(HEADINGS);
  return !titles[0] || titles.some((title) => !present.includes(title));
};

/** Give the page's first headings, or else its second ones. */
const titlesOf = () => (textsOf("h1")[0] ? textsOf("h1") : textsOf("h2"));

const textsOf = (selector: string) => [...document.querySelectorAll(selector)].map(({ textContent }) => textContent!);

/**
 * Give the page that an element showed last, if it is still there: the heading is. An element under some other heading
 * than the article's, as in a box beside it, goes by the first one of all.
 */
const belongs = (element: Element) => {
  const { page, heading, first } = shown.get(element) ?? {};
  if (!heading || heading != headingOver(element)) return;
  return heading == headings.get(page!) || first == headingOver() ? page : undefined;
};

/** Give the nearest heading around an element, or the first one of all. */
const headingOver = (element?: Element | null): string => {
  const text = (element ?? document).querySelector(HEADINGS)?.textContent;
  return text || !element ? (text ?? "") : headingOver(element.parentElement);
};

/** Give the page that the head names. */
const nameOf = () =>
  views((document.querySelector<HTMLScriptElement>("script[data-article]") ?? tag).dataset.article, canonical());

/** Take the path of a page with a slash at its end, or with index.html, for the one without. */
const fold = (page: string) => page.replace(/(%2F(index\.html)?)+$/, "");

const wait = () => {
  waiting = true;
  timer ??= setTimeout(() => {
    believed = true;
    navigate(own, told);
  }, PATIENCE);
  return false;
};
