// Recommending an article: the letter is composed here and opened in the reader's own mail program.
// Nothing is sent to us, unless the stack sends recommendations: then the form is sent to it. The words
// are those of sharing.py, which the page has in it.
"use strict";
{
  const section = document.getElementById("recommend");
  const { title, url } = section.dataset;
  const words = JSON.parse(section.dataset.words);
  const find = (selector) => section.querySelector(selector);
  const form = find("form");
  const summary = find(".summary");
  const letter = find(".letter");
  const link = find(".write");
  // What stands in place of the form when it was sent; only where the stack sends recommendations.
  const sent = find(".ok");
  const field = (id) => document.getElementById(id);

  const fill = (text, values) =>
    text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

  // One line, as a header of a mail is: without control characters, line ends and half characters.
  const line = (text) => text.replace(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]+/gu, " ").trim();
  const value = (id) => line(field(id).value);

  const LINK = /:\/\/|www\.|@|[^\s.]{2,}\.\p{L}{2,}/iu;
  // One address as mail programs take it, in any script (RFC 6531), without comments and quotes.
  const ADDRESS =
    /^[\p{L}\p{M}\p{N}!#$%&'*+\/=?^_`{|}~-]+(\.[\p{L}\p{M}\p{N}!#$%&'*+\/=?^_`{|}~-]+)*@([\p{L}\p{M}\p{N}]([\p{L}\p{M}\p{N}-]*[\p{L}\p{M}\p{N}])?\.)+[\p{L}\p{M}\p{N}-]{2,}$/u;

  const nameFault = (name, missing) => (!name ? missing : LINK.test(name) ? words.name_with_link : "");
  const emailFault = (email, example) =>
    ADDRESS.test(email) ? "" : fill(words.email_incomplete, { example });
  const friendEmailFault = (email) =>
    !email
      ? words.friend_email_missing
      : /[,;]|\s|@.*@/.test(email)
        ? words.several_emails
        : emailFault(email, words.friend_example);

  const checks = {
    name: (name) => nameFault(name, words.name_missing),
    "own-email": (email) => (email || sent ? emailFault(email, words.own_example) : ""),
    "friend-name": (name) => nameFault(name, words.friend_name_missing),
    "friend-email": friendEmailFault,
  };
  const readFaults = () =>
    Object.entries(checks)
      .map(([id, check]) => [id, check(value(id))])
      .filter(([, fault]) => fault);

  const readLetter = () => {
    const friend = value("friend-name");
    const from = [value("name"), value("own-email")].filter(Boolean).join(", ");
    const greeting = friend ? fill(words.greeting, { friend }) : words.greeting_without_name;
    return {
      to: value("friend-email"),
      subject: line(title),
      lines: [greeting, words.sentence, url, from].filter(Boolean),
    };
  };

  // RFC 6068: everything but letters, digits and a few marks is escaped; only the last @ is not.
  const mailto = ({ to, subject, lines }) => {
    const [domain, ...local] = (ADDRESS.test(to) ? to : "").split("@").reverse();
    const address = local.length ? `${encodeURIComponent(local.join("@"))}@${encodeURIComponent(domain)}` : "";
    const body = lines.join("\r\n");
    return `mailto:${address}?subject=${encodeURIComponent(subject)}&body=${encodeURIComponent(body)}`;
  };

  const element = (name, text, attributes = {}) => {
    const made = document.createElement(name);
    made.textContent = text;
    for (const [key, content] of Object.entries(attributes)) made.setAttribute(key, content);
    return made;
  };

  const showLetter = () => {
    const written = readLetter();
    link.href = mailto(written);
    const to = [value("friend-name"), written.to].filter(Boolean).join(", ");
    const header = (name, text) => {
      const row = element("p", "");
      row.append(element("b", `${name}:`), " ", element("bdi", text));
      return row;
    };
    letter?.replaceChildren(
      ...(to ? [header("To", to)] : []),
      header("Subject", written.subject),
      ...written.lines.map((text) => element("p", text, { dir: "auto" })),
    );
  };

  const showFaults = (faults) => {
    const found = new Map(faults);
    for (const id of Object.keys(checks)) {
      const input = field(id);
      const message = field(`${id}-fault`);
      message.textContent = found.get(id) ?? "";
      message.hidden = !found.has(id);
      if (found.has(id)) {
        input.setAttribute("aria-invalid", "true");
        input.setAttribute("aria-describedby", message.id);
      } else {
        input.removeAttribute("aria-invalid");
        input.removeAttribute("aria-describedby");
      }
    }
    summary.hidden = !faults.length;
    const heading =
      faults.length === 1 ? words.one_fault : fill(words.faults, { number: faults.length });
    const list = element("ul", "");
    for (const [id, fault] of faults) {
      const item = element("li", "");
      item.append(element("a", fault, { href: `#${id}` }));
      list.append(item);
    }
    summary.replaceChildren(...(faults.length ? [element("strong", heading), list] : []));
  };

  form.addEventListener("input", () => {
    showLetter();
    // What was found is taken back as it is corrected; nothing new is found while somebody writes.
    if (!summary.hidden) {
      const shown = new Set([...form.querySelectorAll("[aria-invalid]")].map((input) => input.id));
      showFaults(readFaults().filter(([id]) => shown.has(id)));
    }
  });
  link.addEventListener("click", (event) => {
    const faults = readFaults();
    showFaults(faults);
    if (faults.length) {
      event.preventDefault();
      summary.focus();
    }
  });
  const showSent = () => {
    const [heading, rest] = [element("strong", words.sent), element("p", "")];
    const values = { address: value("own-email"), friend: value("friend-name") };
    rest.append(heading, ` ${fill(words.sent_text, values)}`);
    const back = element("button", words.change, { type: "button" });
    back.addEventListener("click", () => {
      form.hidden = false;
      sent.hidden = true;
      field("friend-name").focus();
    });
    sent.replaceChildren(rest, back);
    form.hidden = true;
    sent.hidden = false;
    sent.focus();
  };
  const showNotSent = () => {
    const text = element("p", "");
    text.append(element("strong", words.not_sent), ` ${words.not_sent_text}`);
    summary.replaceChildren(text);
    summary.hidden = false;
    summary.focus();
  };
  const send = async () => {
    const body = new URLSearchParams(new FormData(form));
    const headers = { accept: "application/json" };
    const status = await fetch(form.action, { method: "POST", body, headers }).then(
      (response) => response.status,
      () => 0,
    );
    // What the stack finds wrong and this script does not, its own page says.
    if (status === 422) form.submit();
    else if (status === 202) showSent();
    else showNotSent();
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!sent) return link.click();
    const faults = readFaults();
    showFaults(faults);
    if (faults.length) summary.focus();
    else send();
  });

  const say = (button, text) => {
    const label = button.querySelector("span");
    const usual = (button.dataset.label ??= label.textContent);
    label.textContent = find(".said").textContent = text;
    setTimeout(() => {
      label.textContent = usual;
      find(".said").textContent = "";
    }, 4000);
  };
  const copy = ({ currentTarget }) =>
    navigator.clipboard.writeText(url).then(
      () => say(currentTarget, words.copied),
      () => say(currentTarget, words.not_copied),
    );
  const share = () => navigator.share({ title, url }).catch(() => {}); // the reader changed their mind

  const offer = (selector, action) => {
    for (const button of document.querySelectorAll(selector)) {
      button.addEventListener("click", action);
      button.hidden = false;
    }
  };
  if (navigator.clipboard) offer("button.copy", copy);
  if (navigator.share) offer("button.share", share);

  find(".pair").hidden = false;
  if (letter) letter.hidden = false;
  showLetter();
}
