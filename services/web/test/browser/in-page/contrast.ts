import { describe, isSeen } from "./describe.ts";

/** Red, green and blue from 0 to 255, and opacity from 0 to 1. */
type Colour = readonly [number, number, number, number];

const canvas: Colour = [255, 255, 255, 1];

/** Those of these elements whose text has less contrast than `least` with the ground that styles give it. */
export function faintTexts(selectors: readonly string[], least: number): string[] {
  const elements = selectors.flatMap((selector) => [...document.querySelectorAll(selector)]).filter(isSeen);
  return elements.flatMap((element) => {
    const ratio = contrastOf(element, colourOf(getComputedStyle(element).color));
    return ratio < least ? [`${describe(element)} has a contrast of ${ratio.toFixed(2)}`] : [];
  });
}

/** How an ink on an element stands out from its ground, both as they are on the screen. */
export function contrastOf(element: Element, ink: Colour): number {
  const [ground, inked] = painted(ancestorsOf(element), ink, canvas);
  const [dark, light] = [luminance(ground), luminance(inked)].toSorted((one, other) => one - other);
  return ((light ?? 0) + 0.05) / ((dark ?? 0) + 0.05);
}

/** @param text as in `rgb(1, 2, 3)` or `rgba(1, 2, 3, 0.5)` */
export function colourOf(text: string): Colour {
  const [red = 0, green = 0, blue = 0, opacity = 1] = (text.match(/[\d.]+/g) ?? []).map(Number);
  return [red, green, blue, opacity];
}

/** From the root down to an element. */
function ancestorsOf(element: Element): Element[] {
  const parent = element.parentElement;
  return parent ? [...ancestorsOf(parent), element] : [element];
}

/** Ground and ink on the innermost of nested elements, from the outermost inwards. */
function painted([outer, ...inner]: Element[], ink: Colour, below: Colour): [Colour, Colour] {
  if (!outer) return [below, over(ink, below)];
  const { backgroundColor, opacity } = getComputedStyle(outer);
  const [ground, inked] = painted(inner, ink, over(colourOf(backgroundColor), below));
  return [over(faded(ground, Number(opacity)), below), over(faded(inked, Number(opacity)), below)];
}

function faded([red, green, blue, opacity]: Colour, by: number): Colour {
  return [red, green, blue, opacity * by];
}

function over([red, green, blue, opacity]: Colour, below: Colour): Colour {
  const mix = (upper: number, lower: number) => upper * opacity + lower * (1 - opacity);
  return [mix(red, below[0]), mix(green, below[1]), mix(blue, below[2]), 1];
}

function luminance([red, green, blue]: Colour): number {
  const linear = (part: number) => (part <= 0.04045 * 255 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4);
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}
