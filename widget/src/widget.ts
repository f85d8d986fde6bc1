/**
 * The script that a site puts on its pages. It counts one view of the page's article, once the page is seen, and
 * shows the number in every <view-count>. What lists of articles need, and numbers with a label, is in lists.ts, and
 * what pages need that follow each other without being loaded is in navigation.ts: each is loaded where it is needed.
 * docs/embed.md tells how it is used, decision 5 why it is so small.
 */
import type { Lists } from "./lists";
import type { Navigation } from "./navigation";
import { canonical, type Told } from "./page";

declare const LISTS: string; // the addresses of those scripts below the API, which the build puts in
declare const NAVIGATION: string;
declare global {
  var Circulation: { view: (article?: string) => void } | undefined;
  interface Document {
    readonly prerendering?: boolean; // https://wicg.github.io/nav-speculation/prerendering.html
  }
}

// A page that has the script twice is counted once. All is of this block: the script has no scope of its own.
if (!self.Circulation?.view) {
  const page = document;
  /** A module, or a text that a loader evaluates, sees no tag: there it is the element that names the API. */
  const tag = (page.currentScript ?? page.querySelector("[data-api]")) as HTMLScriptElement | null;
  /** Without it nothing is asked for: the script has another name, and no tag that names the API. */
  const api = tag?.dataset.api ?? tag?.src?.match(/.*(?=\/widget[./])/); // which is written as what it matched
  /** Where the views of the page that is read are counted, below the API or the door; empty is nowhere. */
  let own: string | undefined;
  /** The same, until it is sent. */
  let due: string | undefined;
  /** One for each loading of the page: by whichever of its names an article comes again, the API takes it for a retry. */
  let nonce = Math.random();
  /** The API's answer; empty while it is asked about another page than the one that was shown. */
  let told: Told | string | undefined;
  /** The headings that the page had when it first showed the number. */
  let headings: string[] | null | undefined;
  let unanswered: [url: string, hit: string] | false | 0 | undefined;
  let timer: number | undefined;
  let lists: Promise<Lists> | undefined;
  let following: Promise<unknown> | undefined;
  /** What finds out about the pages after the first one and shows their numbers, once it is loaded. */
  let navigate: ReturnType<Navigation["start"]> | undefined;
  /**
   * What led here: of a page of this site its address without the query, and of another site the host alone, as what
   * was read there is nobody's business. What follows in the same loading was led to by the page before.
   */
  let referrer = page.referrer.match("//" + location.hostname + "[:\\d]*/[^?]*|//[^/]*|$")![0];

  /** Give the path for the views of an article, or of a page by its own path; an empty article is none. */
  const views = (article?: string, path = location.pathname) =>
    article ? "/articles/" + article + "/views" : (article ?? "/views?url=" + encodeURIComponent(path));
  const address = views();

  /** Load what other pages need, and let no number stand meanwhile: it may be another page already. */
  const follow = (...last: [url: string, told: Told]) => {
    following ??= import(api + NAVIGATION).then(
      (navigation: Navigation) => {
        navigate = navigation.start(...last, address, headings, tag!, views, read);
        look();
      },
      () => 0,
    );
  };

  const read = (url: string) => {
    // The same page is not counted again; another one never shows the number of the one before.
    if (url != own) {
      if (own) follow(own, told as Told);
      told = own && {};
      own = due = url;
    }
    look();
  };

  /** Find out which page it is, and do what is to be done once it is seen: whatever happens leads here. */
  const look = () => {
    timer = 0;
    if (api && page.body) {
      if (navigate) navigate(own!, told as Told);
      else if (tag!.dataset.manual == null) {
        own ??= due = views(tag!.dataset.article, canonical());
        if (address != views()) follow(own, told as Told);
      }
      if (page.prerendering || page.hidden) return;

      // Whoever runs the site switches a browser off by #circulation=off on any page, and on again. Nobody else's stores
      // anything: the mark goes from the address, so that it is not handed on with a link.
      let off;
      try {
        if (/^#circulation=/.test(location.hash)) {
          localStorage.circulation = location.hash;
          location.hash = "";
        }
        off = /off/.test(localStorage.circulation);
      } catch {
        // A browser that allows no storage has nothing switched off.
      }
      if (due) {
        const url = due;
        const date = Date.now();
        const clock = performance.now();
        // The nonce is the same in every attempt to send this view, so that it is counted once. The age is that of the
        // attempt, in milliseconds since the first: one clock stands still while the machine sleeps, and the other may
        // be put back, but neither runs ahead. What sends the hit makes it text (Web IDL's USVString), each time anew.
        const hit = {
          nonce: nonce + "",
          referrer,
          // Of the page's own query only what tells of the link to it.
          query: location.search.match(/\b(via|utm_(source|medium|campaign))=[^&]*/g),
          width: innerWidth,
          toString: (): string =>
            JSON.stringify({ ...hit, age: Math.max((performance.now() - clock) | 0, Date.now() - date) }),
        };
        const counts =
          !off &&
          !navigator.webdriver &&
          (tag!.dataset.allowLocal != null || !/^(localhost|127\.|\[|$)/.test(location.hostname)) &&
          (tag!.dataset.allowFrame != null || self == top);
        // A view goes to the door that the tag names, if any; who only wants the number asks the API.
        const target = ((counts && tag!.dataset.door) || api) + url;
        const send = async (again?: number) => {
          try {
            const answer = await fetch(target, counts ? { method: "POST", body: hit as never } : {});
            if (answer.status > 428) throw 0;
            if (url == own) {
              unanswered = 0;
              told = (await answer.json()) as Told;
            }
            look();
          } catch {
            if (again) setTimeout(send, 2e3); // an API that stays away leaves the page as it was
          }
        };
        send(1);
        unanswered = counts && [target, hit as never];
        due = "";
        referrer = location.pathname;
      }

      const shown = following && !navigate ? {} : (told as Told | undefined);
      if (shown && !navigate) {
        headings ??=
          page.querySelector("[data-views],view-count") &&
          [...page.querySelectorAll("h1,h2")].map((heading) => heading.textContent!);
        page.querySelectorAll("view-count:not([data-views],[label],[compact])").forEach((element) => {
          let text: string | number = shown.views ?? "";
          try {
            text = text.toLocaleString(page.documentElement.lang);
          } catch {
            text = text.toLocaleString(); // no language is told, or none as in lang="en_US", which is common
          }
          if (element.textContent != text) element.textContent = text;
        });
      }

      if (page.querySelector("most-read,[data-views],view-count:is([label],[compact])"))
        (lists ??= import(api + LISTS)).then(
          (lists: Lists) => lists.show(shown, !navigate),
          () => 0,
        );
    }
  };

  self.Circulation = { view: (article) => read(views(article)) };
  // What an application does to the page, and what comes late.
  new MutationObserver(() => (timer ||= setTimeout(look, 50) as unknown as number)).observe(page, {
    childList: true,
    subtree: true,
  });
  page.addEventListener("visibilitychange", look);
  page.addEventListener("prerenderingchange", look);
  self.navigation?.addEventListener?.("currententrychange", look);
  addEventListener("pagehide", () =>
    // Who comes back to the page as the browser kept it, views it again.
    unanswered ? navigator.sendBeacon(...unanswered) : ((due = own), nonce++),
  );
  look();
}
