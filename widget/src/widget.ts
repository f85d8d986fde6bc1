/**
 * The script that a site puts on its pages. It counts one view of the page's article, once the page is seen, and
 * shows the number in every <view-count>. What lists of articles need, and numbers with a label, is in lists.ts,
 * which is loaded where a page has any. docs/embed.md tells how it is used, decision 5 why it is so small.
 */
import type { Lists, Told } from "./lists";

declare const LISTS: string; // the address of that script below the API, which the build puts in
declare global {
  var Circulation: { view: (article?: string) => void } | undefined;
  interface Document {
    readonly prerendering?: boolean; // https://wicg.github.io/nav-speculation/prerendering.html
  }
}

// A page that has the script twice is counted once. All is of this block: the script has no scope of its own.
if (!self.Circulation?.view) {
  const page = document;
  const tag = page.currentScript as HTMLScriptElement;
  const dataset = tag.dataset;
  const api = tag.src.replace(/\/widget(\/|\.js).*/, "/");
  /** The path of the page that is being read: an application shows one after another. */
  let address: string | undefined;
  /** Where that page's views are counted; empty is nowhere. */
  let own: string | undefined;
  /** The same, until it is sent. */
  let due: string | undefined;
  /** The API's answer; empty while it is asked about another page than the one that was shown. */
  let told: Told | string | undefined;
  let unanswered: [url: string, body: string] | false | 0 | undefined;
  let timer: number | undefined;
  let lists: Promise<Lists> | undefined;
  /** The host that led here, for the first view: what was read there is nobody's business. */
  let referrer: string | undefined = page.referrer.split("/")[2];

  const view = (id?: string, url = location.pathname) => {
    url = id == "" ? id : api + (id ? "articles/" + id + "/views" : "views?url=" + encodeURIComponent(url));
    address = location.pathname;
    // The same page is not counted again; another one never shows the number of the one before.
    if (own != url) {
      told = own && {};
      own = due = url;
    }
    look();
  };

  /** Do what is to be done, if the page can be seen: whatever happens on the page leads here. */
  const look = () => {
    timer = 0;
    if (page.body && !page.prerendering && !page.hidden) {
      if (address != location.pathname)
        return address ? view() : view(dataset.article, page.querySelector<HTMLLinkElement>("[rel=canonical]")?.href);

      if (due) {
        const url = due;
        const date = Date.now();
        const clock = performance.now();
        // The nonce is the same in every attempt to send this view, so that it is counted once. The age is that of the
        // attempt, in milliseconds since the first: one clock stands still while the machine sleeps, and the other may
        // be put back, but neither runs ahead. What sends the hit makes it text (Web IDL's USVString), each time anew.
        const hit = {
          nonce: Math.random() + "",
          referrer,
          width: innerWidth,
          toString: (): string =>
            JSON.stringify({ ...hit, age: Math.max((performance.now() - clock) | 0, Date.now() - date) }),
        };
        const counts =
          !navigator.webdriver &&
          ("allowLocal" in dataset || !/^(localhost|127\.|\[|$)/.test(location.hostname)) &&
          ("allowFrame" in dataset || self == top);
        const send = async (again?: number) => {
          try {
            const answer = await fetch(url, counts ? { method: "POST", body: hit as never } : {});
            if (answer.status > 428) throw 0;
            if (url == own) {
              unanswered = 0;
              told = await answer.json();
            }
            look();
          } catch {
            if (again) setTimeout(send, 2e3); // an API that stays away leaves the page as it was
          }
        };
        send(1);
        unanswered = counts && [url, hit as never];
        referrer = due = "";
      }

      if (told)
        page.querySelectorAll("view-count:not([data-views],[label],[compact])").forEach((element) => {
          let text: string | number = (told as Told).views ?? "";
          try {
            text = text.toLocaleString(page.documentElement.lang);
          } catch {
            text = text.toLocaleString(); // no language is told, or none as in lang="en_US", which is common
          }
          if (element.textContent != text) element.textContent = text;
        });

      if (page.querySelector("most-read,[data-views],[label],[compact]"))
        (lists ??= import(api + LISTS)).then(
          (lists) => lists.show(told as Told),
          () => 0,
        );
    }
  };

  self.Circulation = { view };
  new MutationObserver(() => (timer ||= setTimeout(look, 50) as unknown as number)).observe(page, {
    childList: true,
    subtree: true,
  });
  page.addEventListener("visibilitychange", look);
  page.addEventListener("prerenderingchange", look);
  self.navigation?.addEventListener?.("currententrychange", look);
  addEventListener("pagehide", () =>
    // Who comes back to the page as the browser kept it, views it again.
    unanswered ? navigator.sendBeacon(...unanswered) : (due = own),
  );
  look();
}
