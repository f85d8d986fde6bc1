export const inBrowser = "document" in globalThis;

/** Give the heading of a page: from the site, or, where pages are rendered, at once. */
export const load = async (path) => (inBrowser ? (await fetch("/content" + path)).text() : site.pages[path]);
