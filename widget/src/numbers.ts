/**
 * Write a number into an element: as the language does that it stands in, with the label that the element has for
 * it. Labels are the attributes label, and label-one, label-few and so on for the plural categories of Unicode
 * CLDR; # in them stands for the number. With the attribute compact it is short: 1.2K. Elements that are not our
 * own take the same attributes with data- before them. Without a number the element becomes empty.
 */
export const write = (element: HTMLElement, views: number | null) => {
  let say = inWords(element, views, element.closest<HTMLElement>("[lang]")?.lang || undefined);
  try {
    say();
  } catch {
    say = inWords(element, views); // lang="en_US" is no language tag, and common
  }
  const short = option(element, "compact") != null;
  const text = short ? say({ notation: "compact" }) : say();
  // Only what changes is written: whoever watches the page, as this script does, is left in peace.
  if (element.textContent == text) return;
  element.textContent = text;
  if (!short) return;
  // Who points at the number, or hears the page, is told the whole of it; an element that is something already,
  // such as a link, stays that.
  const named = element.matches("view-count,span");
  const whole = { title: say(), role: named && text && "img", "aria-label": named && say() };
  for (const [name, value] of Object.entries(whole)) {
    if (value) element.setAttribute(name, value);
    else element.removeAttribute(name);
  }
};

const inWords = (element: HTMLElement, views: number | null, language?: string) => (how?: Intl.NumberFormatOptions) => {
  if (views == null) return "";
  // Some languages have another form for 1.2K than for 1,200; browsers that do not know it leave notation alone.
  const form = new Intl.PluralRules(language, how as Intl.PluralRulesOptions).select(views);
  const label = option(element, "label-" + form) ?? option(element, "label") ?? "#";
  return label.replace("#", () => new Intl.NumberFormat(language, how).format(views));
};

const option = (element: HTMLElement, name: string) =>
  element.getAttribute(name) ?? element.getAttribute("data-" + name);
