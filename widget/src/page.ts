/** What the API answered of a page's article; nothing in it where no article is published there. */
export interface Told {
  article?: string;
  views?: number | null;
}

/** Give the path of the page's canonical address; one on another host is not the page's. */
export const canonical = () =>
  document
    .querySelector<HTMLLinkElement>("[rel=canonical]")
    ?.href.match("//" + location.hostname + "[:\\d]*(/.*)")?.[1];
