/** Whether a person sees an element; what is there for a screen reader only does not count. */
export function isSeen(element: Element): boolean {
  const seen = element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  return seen && element.closest(".visually-hidden") === null;
}

/** An element in a few words, as in `button.button-small "OK"`. */
export function describe(element: Element): string {
  const words = (element.textContent ?? "").trim().slice(0, 30);
  return `${[element.tagName.toLowerCase(), ...element.classList].join(".")} "${words}"`;
}
