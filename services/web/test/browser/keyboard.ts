import type { Person } from "./person.ts";

const MOST_PRESSES = 40;

/**
 * Presses Tab until a control has the focus.
 * @returns the test ids, or else the texts, of the controls that had it on the way, that one included
 */
export async function tabTo({ page }: Person, testId: string): Promise<string[]> {
  const way: string[] = [];
  while (way.at(-1) !== testId) {
    if (way.length === MOST_PRESSES) throw new Error(`Tab does not come to ${testId}, but to ${way.join(", ")}.`);
    await page.keyboard.press("Tab");
    way.push(await focusOf(page));
  }
  return way;
}

/** Comes to a control with Tab, and presses Enter there. */
export async function choose(person: Person, testId: string): Promise<void> {
  await tabTo(person, testId);
  await person.page.keyboard.press("Enter");
}

function focusOf(page: Person["page"]): Promise<string> {
  return page.evaluate(() => {
    const { activeElement: element } = document;
    return element?.getAttribute("data-testid") ?? element?.textContent?.trim() ?? "";
  });
}
