// The page of statistics is whole without this: it swaps parts of the page that the server wrote,
// moves the focus, and asks again for what is new.
(() => {
  const RETRY = 3e4;
  const root = document.documentElement;
  const find = (selector, within = document) => within.querySelector(selector);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const byId = (id) => document.getElementById(id);
  const data = () => byId("page").dataset;
  const state = (name) => (data().state = name ?? data().usual);
  // The token is of this tab alone; a browser that stores nothing forgets it with the page.
  const memory = {};
  const stored = (store, name, value) => {
    if (value != null) memory[name] = value;
    try {
      if (value != null) window[store].setItem(name, value);
      return window[store].getItem(name);
    } catch {
      return memory[name];
    }
  };
  // A link that was shared opens what it does, whatever token the tab has.
  const token = (value) => (query("share") ? "" : stored("sessionStorage", "circulation-token", value));
  const keysAreOff = (value) => stored("localStorage", "circulation-keys", value) === "off";
  // The number of the page that was last asked for: answers to earlier ones come too late.
  let turn = 0;
  let missed = 0;
  let answered = Date.now();
  let renewed = answered;
  let paused, asking, timer, retry, asked;

  const ask = (url) =>
    fetch(url, { cache: "no-store", headers: token() ? { authorization: `Bearer ${token()}` } : {} });

  const read = async (answer) => {
    if (!answer.headers.get("content-type")?.startsWith("text/html")) throw answer.status;
    return new DOMParser().parseFromString(await answer.text(), "text/html");
  };

  const clock = (time) =>
    new Intl.DateTimeFormat(data().clock, {
      timeStyle: "short",
      timeZone: data().zone,
    }).format(time);

  // Gives a copy of a template with its places filled in.
  const copy = (id, values = {}) => {
    const made = byId(id).content.cloneNode(true);
    for (const place of all("[data-fill]", made)) place.textContent = values[place.dataset.fill];
    return made;
  };

  const opener = (row) => find(`.open[aria-controls="${row.id}"]`);
  const toggle = (row, isOpen) => {
    row.hidden = !isOpen;
    opener(row).setAttribute("aria-expanded", isOpen);
  };

  // Takes a part of the page that came anew; what was open or walked to in it stays so.
  const take = (old, fresh) => {
    const focus = old.contains(document.activeElement) && document.activeElement.id;
    const open = all("details[open][id]:not(.pop)", old);
    const walked = all(".walk", old).filter(({ value, defaultValue }) => value !== defaultValue);
    old.replaceWith(fresh);
    for (const { id } of open) if (byId(id)) byId(id).open = true;
    for (const { id, value } of walked) if (byId(id)) byId(id).value = value;
    for (const chart of all(".chart", fresh)) walk(chart);
    if (focus) byId(focus)?.focus({ preventScroll: true });
  };

  const show = (fresh) => {
    const part = fresh.getElementById("page");
    if (!part) throw 0;
    document.title = fresh.title;
    take(byId("page"), part);
    missed = 0;
    answered = renewed = Date.now();
    if (paused) pause();
    const field = byId("find");
    if (field) field.value = query("find");
    search();
    reopen();
    schedule();
  };

  const pause = () => {
    find("[data-pause]")?.setAttribute("aria-pressed", paused);
    if (data().refresh) state(paused ? "paused" : undefined);
    schedule();
  };

  const again = (blank) => go(location.href, { push: false, blank });

  const fail = (status) => {
    byId("main").replaceChildren(copy("failed", { status: status || "–", time: clock(Date.now()) }));
    state("plain");
    data().refresh = 0;
    schedule();
    find("h1").focus();
    retry = setTimeout(again, RETRY, false);
  };

  // Goes to another state of the page, whose address says all of it.
  const go = async (url, { push = true, stay, blank } = {}) => {
    const mine = ++turn;
    asked = new URL(url).search;
    clearTimeout(retry);
    const slow = setTimeout(() => {
      if (blank) byId("main").replaceChildren(copy("loading"));
      state("loading");
    }, 300);
    let fresh, answer;
    try {
      answer = await ask(url);
      fresh = await read(answer);
    } catch {}
    clearTimeout(slow);
    if (mine !== turn) return;
    if (push) history.pushState(null, "", url);
    if (!fresh) return fail(answer?.status);
    if (answer.status === 401) token("");
    show(fresh);
    if (!stay) {
      (find("[aria-invalid]") ?? find("h1")).focus({ preventScroll: true });
      scrollTo(0, 0);
    }
    if (answer.status >= 500) retry = setTimeout(again, RETRY, false);
  };

  const query = (name) => new URL(location).searchParams.get(name) ?? "";
  const address = (values) => {
    const url = new URL(location);
    for (const name in values)
      values[name] ? url.searchParams.set(name, values[name]) : url.searchParams.delete(name);
    return url;
  };

  // Notes in the address what changes nothing that is asked for.
  const note = (values) => {
    history.replaceState(null, "", address(values));
    asked = location.search;
  };

  const schedule = () => {
    clearTimeout(timer);
    const wait = data().refresh * 1000;
    if (!wait || paused || document.hidden) return;
    timer = setTimeout(refresh, missed ? wait : Math.max(0, answered + wait - Date.now()));
  };

  // Asks for the last minutes anew, and now and then for all.
  const refresh = async () => {
    if (asking) return;
    asking = true;
    const mine = turn;
    const isWhole = !byId("now") || Date.now() - renewed > data().renew * 1000;
    try {
      const answer = await ask(isWhole ? location : address({ part: "now" }));
      if (answer.status >= 500) throw answer.status;
      const fresh = await read(answer);
      if (mine !== turn) return;
      if (isWhole || !answer.ok) return show(fresh);
      missed = 0;
      answered = Date.now();
      for (const old of all("[data-part]")) {
        const part = fresh.getElementById(old.id);
        if (part) take(old, part);
      }
      if (!paused) state();
      byId("notice").replaceChildren();
    } catch {
      if (mine === turn && ++missed > 1) stale();
    } finally {
      asking = false;
      schedule();
    }
  };

  const stale = () => {
    const minutes = Math.round((answered - Date.now()) / 60_000);
    const age = new Intl.RelativeTimeFormat(root.lang).format(minutes, "minute");
    const shown = find("#notice [data-fill=age]");
    if (shown) return (shown.textContent = age);
    state("stale");
    const values = { age, time: clock(answered), seconds: data().refresh };
    byId("notice").replaceChildren(copy("stale", values));
  };

  // A chart's slider walks its points; what it says comes from the rows of the chart's table.
  const walk = (chart) => {
    const slider = find(".walk", chart);
    const rows = all(".numbers tbody tr", chart);
    const room = chart.dataset.room ?? rows.length;
    if (!rows.length) return;
    const heads = all(".numbers thead th", chart).map((head) => head.textContent);
    const bold = (text) => Object.assign(document.createElement("b"), { textContent: text });
    const say = () => {
      const cells = [...rows[slider.value].cells].map((cell) => cell.textContent);
      const named = cells.map((text, at) => [heads[at], text]);
      const [[, name], ...pairs] = named.filter(([, text]) => text !== "–");
      slider.ariaValueText = `${name}: ${pairs.map((pair) => pair.join(" ")).join(", ")}`;
      const words = pairs.flatMap(([head, text], at) => [`${at ? " ·" : ""} ${head} `, bold(text)]);
      find(".readout", chart).replaceChildren(bold(name), ...words);
      const place = (+slider.value + 0.5) / room;
      find(".cursor", chart).style.insetInlineStart = `${place * 100}%`;
    };
    const point = ({ clientX }) => {
      const { left, width } = slider.getBoundingClientRect();
      const place = (clientX - left) / width;
      slider.value = Math.floor((root.dir === "rtl" ? 1 - place : place) * room);
      say();
    };
    slider.oninput = () => slider.matches(":active") || say();
    slider.onpointermove = point;
    slider.onpointerdown = slider.onpointerup = (event) => setTimeout(point, 0, event);
    say();
  };

  // Shows the rows of the list that have the text which is looked for.
  const search = () => {
    const field = byId("find");
    if (!field) return;
    const text = field.value.trim().toLocaleLowerCase(root.lang);
    const rows = all(".articles tr[data-article]:not(.more)");
    for (const row of rows) {
      row.hidden = !row.textContent.toLocaleLowerCase(root.lang).includes(text);
      if (row.hidden) toggle(row.nextElementSibling, false);
    }
    byId("found-none").hidden = !rows.length || rows.some((row) => !row.hidden);
  };

  const open = async (row) => {
    toggle(row, true);
    if (row.dataset.loaded) return;
    const [cell] = row.cells;
    try {
      const answer = await ask(address({ part: "details", article: row.dataset.article }));
      const details = (await read(answer)).getElementById("details");
      if (!details) throw answer.status;
      details.id = `${row.id}-shown`;
      cell.replaceChildren(details);
      row.dataset.loaded = "yes";
      for (const chart of all(".chart", cell)) walk(chart);
    } catch (error) {
      cell.replaceChildren(copy("unopened", { status: error.message ?? error }));
    }
  };

  const reopen = () => {
    const wanted = query("open").split(",");
    for (const row of all(".more")) if (wanted.includes(row.dataset.article)) open(row);
  };

  const press = (button) => {
    const row = byId(button.getAttribute("aria-controls"));
    if (row) {
      row.hidden ? open(row) : toggle(row, false);
      const shown = all(".more:not([hidden])").map((more) => more.dataset.article);
      note({ open: shown.join() });
    } else if ("print" in button.dataset) print();
    else if ("keys" in button.dataset) byId("keys").showModal();
    else if ("again" in button.dataset) missed ? refresh() : again();
    else if ("pause" in button.dataset) {
      paused = !paused;
      pause();
    }
  };

  // Saves a file of numbers; what kept it from coming stands below its link, and the page stays.
  const save = async (link) => {
    find(".err", link.parentNode)?.remove();
    let answer, file;
    try {
      answer = await ask(link.href);
      file = answer.ok && (await answer.blob());
    } catch {}
    if (!file) return link.after(copy("unsaved", { status: answer?.status ?? "–" }));
    const href = URL.createObjectURL(file);
    Object.assign(document.createElement("a"), { href, download: link.dataset.save }).click();
    setTimeout(() => URL.revokeObjectURL(href), RETRY);
  };

  const isModified = (event) => event.ctrlKey || event.metaKey || event.altKey;

  document.onclick = (event) => {
    const pressed = event.target.closest("a[href], button");
    if (!pressed) return;
    if (pressed.matches("button")) return press(pressed);
    if (isModified(event) || event.shiftKey) return;
    const isFile = "save" in pressed.dataset;
    const isOurs = pressed.origin === location.origin && pressed.pathname === location.pathname;
    if (!isFile && (pressed.hash || !isOurs)) return;
    event.preventDefault();
    if (isFile) save(pressed);
    else go(pressed.href, { stay: pressed.matches("[data-stay]") });
  };

  document.onsubmit = (event) => {
    const form = event.target;
    if (form.method === "dialog") return;
    event.preventDefault();
    if (form.id === "sign-in") {
      token(form.token.value.trim());
      again(true);
    } else go(new URL(`?${new URLSearchParams(new FormData(form))}`, location));
  };

  document.oninput = ({ target }) => {
    if (target.id === "single-keys") keysAreOff(target.checked ? "on" : "off");
    if (target.id !== "find") return;
    note({ find: target.value.trim() });
    search();
  };

  document.onkeydown = (event) => {
    if (event.key === "Escape") for (const sheet of all(".pop[open]")) sheet.open = false;
    if (isModified(event) || find("dialog[open]") || keysAreOff()) return;
    if (event.target.closest("input, select, summary, .scroll")) return;
    const isBackward = root.dir === "rtl";
    const keys = {
      d: "to-day",
      w: "to-week",
      m: "to-month",
      y: "to-year",
      x: "compare",
      "/": "find",
      arrowleft: isBackward ? "to-next" : "to-prev",
      arrowright: isBackward ? "to-prev" : "to-next",
    };
    const key = event.key.toLowerCase();
    const pressed = byId(key === "?" ? "keys" : keys[key]);
    if (!pressed || (event.shiftKey && !"?/".includes(key))) return;
    event.preventDefault();
    if (key === "?") pressed.showModal();
    else pressed.href ? pressed.click() : pressed.focus();
  };

  // Within a page, as by the skip link, nothing is asked for.
  onpopstate = () => location.search === asked || again();
  document.onvisibilitychange = schedule;

  asked = location.search;
  root.classList.add("js");
  byId("single-keys").checked = !keysAreOff();
  if (token() && byId("sign-in")) again(true);
  else show(document);
})();
