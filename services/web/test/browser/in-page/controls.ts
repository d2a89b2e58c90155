import { colourOf, contrastOf } from "./contrast.ts";
import { describe, isSeen } from "./describe.ts";

const SELECTOR = "a[href], button, input, select, textarea, summary, [tabindex='0']";
/** WCAG 2.2, 1.4.11. */
const RING_CONTRAST = 3;

/** Every control that is lower than `leastPx`, its label included where that can be pressed too. */
export function smallControls(leastPx: number): string[] {
  return controls().flatMap((control) => {
    const { width, height } = pressable(control);
    const small = height < leastPx || width < Math.min(leastPx, 24);
    return small ? [`${describe(control)} is ${Math.round(width)} x ${Math.round(height)} px`] : [];
  });
}

/** Whatever is wider than the window. */
export function wideElements(): string[] {
  const { clientWidth, scrollWidth } = document.documentElement;
  const sticksOut = (element: Element) => isSeen(element) && element.getBoundingClientRect().right > clientWidth + 1;
  const wide = [...document.querySelectorAll("#root *")].filter(sticksOut);
  const scrolls = scrollWidth > clientWidth ? [`the page is ${scrollWidth} px wide in ${clientWidth}`] : [];
  return [...scrolls, ...wide.map((element) => `${describe(element)} sticks out`)];
}

/** What has the focus: which control it is, in the order of the page, and what hides that it has it. */
export function focused(): { place: number; findings: string[] } {
  const element = document.activeElement ?? document.body;
  const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(element);
  const { top, bottom } = element.getBoundingClientRect();
  const findings = [];
  const ringed = outlineStyle !== "none" && Number.parseFloat(outlineWidth) >= 2;
  const contrast = contrastOf(element.parentElement ?? element, colourOf(outlineColor));
  if (!ringed || contrast < RING_CONTRAST) findings.push(`${describe(element)} has no ring when it has the focus`);
  if (bottom < 0 || top > innerHeight) findings.push(`${describe(element)} has the focus outside of the window`);
  return { place: reachable().indexOf(element), findings };
}

/** How many controls the keyboard should come to. */
export function reachableCount(): number {
  return reachable().length;
}

function reachable(): Element[] {
  return controls().filter((control) => !control.matches(":disabled"));
}

function controls(): Element[] {
  return [...document.querySelectorAll(SELECTOR)].filter(isSeen);
}

function pressable(control: Element): { width: number; height: number } {
  const labels = control instanceof HTMLInputElement && control.type === "checkbox" ? [...(control.labels ?? [])] : [];
  const boxes = [control, ...labels].map((element) => element.getBoundingClientRect());
  const span = (from: "left" | "top", to: "right" | "bottom") =>
    Math.max(...boxes.map((box) => box[to])) - Math.min(...boxes.map((box) => box[from]));
  return { width: span("left", "right"), height: span("top", "bottom") };
}
