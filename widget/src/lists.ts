/**
 * What lists of articles need, loaded by widget.ts where a page has any: numbers of articles that elements name,
 * asked for in batches, numbers with a label or in short, and <most-read>.
 */
import "./most-read";
import { write } from "./numbers";
import type { Told } from "./page";

/** What the API answers for several articles. */
interface Counts {
  views: { article: string; views: number }[];
}

export interface Lists {
  show: typeof show;
}

const MAX_IDS = 100; // in one request
const SLICE = 8; // milliseconds: half a frame
const PAUSE = 250; // milliseconds
const api = new URL("..", import.meta.url);
/** What can be an article's id: other scripts and styles of the page may have a data-views of their own. */
const ID = /^[a-z0-9][a-z0-9-]{0,63}$/;
/** Views by article, undefined while they are asked for and where none is published. */
const known = new Map<string, number | undefined>();
const missing = new Set<string>();
let asking: ReturnType<typeof setTimeout> | undefined;
/** Views of the page that is read, for elements that name no article; undefined while these are left alone. */
let own: number | null | undefined;

/** The elements that are still to be looked at, none where the page has changed since; and when that is to be. */
let elements: Iterable<HTMLElement> | undefined;
let filling: ReturnType<typeof setTimeout> | undefined;
let next = 0;

/** Show what is told of the page that is read, in elements that name no article if these are ours, and what is known. */
export const show = (told: Told | undefined, ours: boolean) => {
  const last = own;
  own = told && ours ? (told.views ?? null) : undefined;
  if (told?.article) learn(told.article, told.views ?? 0);
  look();
  if (own === null && last) fill(); // before it is painted, as the page may be another one
};

/** Look through the page, which may have thousands of numbers and change all the time: so now and then. */
const look = () => {
  elements = undefined;
  filling ??= setTimeout(fill, next - performance.now());
};

/** Fill elements for some milliseconds, and the rest after whatever else the page has to do by then. */
const fill = () => {
  filling = undefined;
  elements ??= document
    .querySelectorAll<HTMLElement>("[data-views],view-count[label],view-count[compact]")
    .values();
  next = performance.now() + SLICE;
  for (const element of elements) {
    const article = element.getAttribute("data-views");
    const views = article ? known.get(article) : own;
    if (views !== undefined) write(element, views);
    else if (article && ID.test(article) && !known.has(article)) {
      known.set(article, undefined);
      missing.add(article);
    }
    if (performance.now() > next) {
      filling = setTimeout(fill);
      break;
    }
  }
  next += PAUSE;
  // A page comes in pieces, and so do the nodes that an application adds: they wait for each other.
  if (missing.size) asking ??= setTimeout(ask, 50);
};

const ask = () => {
  asking = undefined;
  const articles = [...missing];
  missing.clear();
  while (articles.length) askFor(articles.splice(0, MAX_IDS).join());
};

const askFor = async (ids: string, again = true) => {
  try {
    const answer = await fetch(new URL(`views?ids=${ids}`, api));
    if (answer.status > 428) throw answer; // too many at once, or a fault of the API
    if (!answer.ok) return;
    const { views }: Counts = await answer.json();
    for (const each of views) learn(each.article, each.views);
    look();
  } catch {
    if (again) setTimeout(askFor, 2000, ids, false);
  }
};

/** Views never become fewer: an answer that comes late, or from a cache, may be older than what is known. */
const learn = (article: string, views: number) => known.set(article, Math.max(views, known.get(article) ?? 0));
