/**
 * Write a number into an element: as the language does that it stands in, with the label that the element has for
 * it. Labels are the attributes label, and label-one, label-few and so on for the plural categories of Unicode
 * CLDR; # in them stands for the number. With the attribute compact it is short: 1.2K. Elements that are not our
 * own take the same attributes with data- before them. Without a number the element becomes empty.
 *
 * Only what changes is written: whoever watches the page, as this script does, is left in peace. An element that
 * has its number already costs next to nothing: a page may have thousands, and changes many times a second.
 */
export const write = (element: HTMLElement, views: number | null) => {
  const { lang } = document.documentElement;
  const last = written.get(element);
  if (last?.views === views && last.lang == lang && last.text == element.textContent) return;
  let say = inWords(element, views, element.closest<HTMLElement>("[lang]")?.lang || undefined);
  try {
    say();
  } catch {
    say = inWords(element, views); // lang="en_US" is no language tag, and common
  }
  const short = option(element, "compact") != null;
  const text = short ? say({ notation: "compact" }) : say();
  if (element.textContent != text) element.textContent = text;
  written.set(element, { views, lang, text });
  if (!short) return;
  // Who points at the number, or hears the page, is told the whole of it, and once: an image is named by its title.
  // An element that is something already, such as a link, stays that.
  const whole = { title: say(), role: text && element.matches("view-count,span") && "img" };
  for (const [name, value] of Object.entries(whole)) {
    if (value) element.setAttribute(name, value);
    else element.removeAttribute(name);
  }
};

/** What an element's text was last made of, with that text. */
const written = new WeakMap<HTMLElement, { views: number | null; lang: string; text: string }>();

/** Formatters by language and notation: to make one takes longer than all that it is used for. */
const formatters: Record<string, [Intl.PluralRules, Intl.NumberFormat]> = {};

const inWords = (element: HTMLElement, views: number | null, language?: string) => (how?: Intl.NumberFormatOptions) => {
  if (views == null) return "";
  // Some languages have another form for 1.2K than for 1,200; browsers that do not know it leave notation alone.
  const [plural, number] = (formatters[language + (how ? " compact" : "")] ??= [
    new Intl.PluralRules(language, how as Intl.PluralRulesOptions),
    new Intl.NumberFormat(language, how),
  ]);
  const label = option(element, "label-" + plural.select(views)) ?? option(element, "label") ?? "#";
  return label.replace("#", () => number.format(views));
};

const option = (element: HTMLElement, name: string) =>
  element.getAttribute(name) ?? element.getAttribute("data-" + name);
