/**
 * What lists of articles need, loaded by widget.ts where a page has any: numbers of articles that elements name,
 * asked for in batches, numbers with a label or in short, and <most-read>.
 */
import "./most-read";
import { write } from "./numbers";

/** What the API answered of the page's own article; nothing in it where no article is published there. */
export interface Told {
  article?: string;
  views?: number | null;
}

/** What the API answers for several articles. */
interface Counts {
  views: { article: string; views: number }[];
}

export interface Lists {
  show: typeof show;
}

const MAX_IDS = 100; // in one request
const api = new URL("..", import.meta.url);
/** What can be an article's id: other scripts and styles of the page may have a data-views of their own. */
const ID = /^[a-z0-9][a-z0-9-]{0,63}$/;
/** Views by article, undefined while they are asked for and where none is published. */
const known = new Map<string, number | undefined>();
const missing = new Set<string>();
let timer: ReturnType<typeof setTimeout> | undefined;
let own: Told | undefined;

/** Show what is known, and ask for the rest; told is anything but an answer as long as there is none. */
export const show = (told?: Told | number | string) => {
  own = typeof told == "object" ? told : own;
  if (own?.article) learn(own.article, own.views ?? 0);
  const named = "[data-views],view-count[label],view-count[compact]";
  for (const element of document.querySelectorAll<HTMLElement>(named)) {
    const article = element.dataset.views;
    const views = article ? known.get(article) : own && (own.views ?? null);
    if (views !== undefined) write(element, views);
    else if (article && ID.test(article) && !known.has(article)) {
      known.set(article, undefined);
      missing.add(article);
    }
  }
  // A page comes in pieces, and so do the nodes that an application adds: they wait for each other.
  if (missing.size) timer ??= setTimeout(ask, 50);
};

const ask = () => {
  timer = undefined;
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
    show();
  } catch {
    if (again) setTimeout(askFor, 2000, ids, false);
  }
};

/** Views never become fewer: an answer that comes late, or from a cache, may be older than what is known. */
const learn = (article: string, views: number) => known.set(article, Math.max(views, known.get(article) ?? 0));
