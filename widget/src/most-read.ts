/**
 * <most-read section window limit>: the most read articles as a list of links, each with its views in the window.
 * The list is the <ol> that the page has put inside, with whatever stands in it, or else a new one: what it looks
 * like and what stands around it is the page's own.
 */
import { write } from "./numbers";

interface Popular {
  articles: { url: string; title: string; language: string; window_views: number }[];
}

class MostRead extends HTMLElement {
  async connectedCallback() {
    const query = new URLSearchParams();
    for (const name of ["section", "window", "limit"]) {
      const told = this.getAttribute(name);
      if (told) query.set(name, told);
    }
    try {
      const answer = await fetch(new URL(`../popular?${query}`, import.meta.url));
      if (answer.ok) this.fill(await answer.json());
    } catch {
      // An API that stays away leaves the list as the page has it.
    }
  }

  private fill({ articles }: Popular) {
    if (!articles.length) return; // nothing has been ranked yet: what the page put in says more
    const list = this.querySelector("ol") ?? this.appendChild(document.createElement("ol"));
    const items = articles.map(({ url, title, language, window_views }) => {
      const item = document.createElement("li");
      const link = item.appendChild(document.createElement("a"));
      const views = document.createElement("span");
      link.href = url;
      link.textContent = title;
      link.lang = language;
      link.dir = "auto"; // as it is written, whichever way the page is
      item.append(" ", views);
      return { item, views, window_views };
    });
    list.replaceChildren(...items.map(({ item }) => item));
    for (const { views, window_views } of items) write(views, window_views); // in the language where it stands
  }
}

customElements.define("most-read", MostRead);
