/**
 * Write a number into an element: as the page's language does, in the label that the element has for it. Labels
 * are the attributes label, and label-one, label-few and so on for the plural categories of Unicode CLDR; # in
 * them stands for the number. With the attribute compact it is short: 1.2K. Elements that are not our own take
 * the same attributes with data- before them.
 */
export const write = (element: HTMLElement, views: number) => {
  const language = element.closest<HTMLElement>("[lang]")?.lang || undefined;
  let text: string;
  try {
    text = written(element, views, language);
  } catch {
    text = written(element, views); // lang="en_US" is no language tag, and common
  }
  // Only what changes is written: whoever watches the page, as this script does, is left in peace.
  if (element.textContent != text) element.textContent = text;
};

const written = (element: HTMLElement, views: number, language?: string) => {
  const option = (name: string) => element.getAttribute(name) ?? element.getAttribute("data-" + name);
  const label = option("label-" + new Intl.PluralRules(language).select(views)) ?? option("label") ?? "#";
  const say = (options?: Intl.NumberFormatOptions) =>
    label.replace("#", new Intl.NumberFormat(language, options).format(views));
  if (option("compact") == null) return say();
  // Who hears the page, or points at the number, is told the whole of it.
  element.setAttribute("role", "img");
  element.setAttribute("aria-label", say());
  element.title = say();
  return say({ notation: "compact" });
};
