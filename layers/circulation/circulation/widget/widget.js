// Counts one view of the article named by data-article, once the page is seen, and shows the number
// in every <view-count> and [data-views] of the page. An element may name an article of its own:
// <span data-views="264384"></span> only shows that article's number.
(() => {
  const tag = document.currentScript;
  const api = tag.src.replace(/\/widget\.js.*$/, "/articles/");
  const article = tag.dataset.article;
  const local = /^(localhost|127\.|\[::1]|$)/.test(location.hostname);
  const counts =
    article &&
    !navigator.webdriver &&
    (!local || "allowLocal" in tag.dataset) &&
    (self === top || "allowFrame" in tag.dataset);
  // Scheme and host: what a reader read elsewhere is nobody's business.
  const referrer = document.referrer.split("/", 3).join("/");
  // The same in every attempt to send this view, so that it is counted once.
  const nonce = Math.random().toString(36).slice(2) + Date.now().toString(36);

  const elements = () => [...document.querySelectorAll("view-count,[data-views]")];
  const named = (element) => element.dataset.views || element.getAttribute("article") || article;
  const written = (number) => {
    try {
      return number.toLocaleString(document.documentElement.lang || undefined);
    } catch {
      return number.toLocaleString(); // lang="en_US" is no language tag, and common
    }
  };
  const show = (count) =>
    elements().forEach((element) => {
      if (named(element) === count.article) element.textContent = written(count.views);
    });
  const ask = (id, options, again = true) =>
    fetch(api + id + "/views", options)
      .then((answer) => {
        if (answer.ok) return answer.json().then(show);
        if (answer.status >= 500) throw answer;
      })
      .catch(() => {
        // Asked once more, with the same nonce. A counter that stays away leaves the page as it was.
        if (again) setTimeout(ask, 2000, id, options, false);
      });

  const start = () => {
    if (document.visibilityState !== "visible") return;
    document.removeEventListener("visibilitychange", start);
    const shown = new Set(elements().map(named));
    if (counts) {
      shown.delete(article);
      ask(article, { method: "POST", keepalive: true, body: JSON.stringify({ nonce, referrer, width: innerWidth }) });
    }
    shown.forEach((id) => id && ask(id));
  };
  document.addEventListener("visibilitychange", start);
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
