import { fileURLToPath } from "node:url";
import axe, { type RunOptions } from "axe-core";
import type { Page } from "playwright-core";
import { bundled } from "./bundled.ts";
import type { Person } from "./person.ts";

type InPage = typeof import("./in-page/findings.ts");

const source = fileURLToPath(new URL("./in-page/findings.ts", import.meta.url));
/** What a finger needs. */
const FINGER_PX = 44;
/** WCAG 2.2, 2.5.8. */
const POINTER_PX = 24;

const CONTRAST = 4.5;
/** WCAG 2, levels A and AA. Text of any size needs the contrast of small text. */
const rules: RunOptions & { checks: object } = {
  runOnly: ["wcag2a", "wcag2aa"],
  resultTypes: ["violations", "incomplete"],
  checks: { "color-contrast": { options: { contrastRatio: { large: { expected: CONTRAST } } } } },
};
let script: Promise<string> | undefined;

/** Faults of a page in its present state for people with weak sight, a small screen, no mouse or a screen reader. */
export async function findingsOf({ page }: Person): Promise<string[]> {
  await prepare(page);
  const findings = await lookFor(page);
  await page.emulateMedia({ colorScheme: "dark" });
  findings.push(...(await lookFor(page)).map((finding) => `dark: ${finding}`));
  await page.emulateMedia({ colorScheme: "light" });
  return findings;
}

/** Presses Tab all around the page; every control must get the focus, and be seen to have it. */
export async function keyboardFindingsOf({ page }: Person): Promise<string[]> {
  await prepare(page);
  const count = await page.evaluate(() => (globalThis as unknown as { findings: InPage }).findings.reachableCount());
  const reached = new Set<number>();
  const findings = new Set<string>();
  for (let press = 0; press < 2 * count && reached.size < count; press += 1) {
    await page.keyboard.press("Tab");
    const focus = await page.evaluate(() => (globalThis as unknown as { findings: InPage }).findings.focused());
    if (focus.place === -1) continue;
    reached.add(focus.place);
    for (const finding of focus.findings) findings.add(finding);
  }
  const missed = reached.size < count ? [`Tab comes to ${reached.size} of ${count} controls`] : [];
  return [...missed, ...findings];
}

async function prepare(page: Page): Promise<void> {
  if (await page.evaluate(() => "findings" in globalThis)) return;
  script ??= bundled(source, "findings");
  await page.evaluate(`${await script}; globalThis.findings = findings;`);
  await page.evaluate(axe.source);
}

async function lookFor(page: Page): Promise<string[]> {
  const touch = await page.evaluate(() => matchMedia("(pointer: coarse)").matches);
  const found = await page.evaluate(
    async (leastPx) => {
      const transitions = document.getAnimations().filter((animation) => animation instanceof CSSTransition);
      await Promise.all(transitions.map(({ finished }) => finished));
      const { smallControls, wideElements } = (globalThis as unknown as { findings: InPage }).findings;
      return [...wideElements(), ...smallControls(leastPx)];
    },
    touch ? FINGER_PX : POINTER_PX,
  );
  return [...found, ...(await brokenRules(page))];
}

/** The contrast of a text above a video is beyond axe: it is measured against the ground that styles give it. */
async function brokenRules(page: Page): Promise<string[]> {
  const { violations, incomplete } = await page.evaluate(
    (options) => (globalThis as unknown as { axe: typeof axe }).axe.run(options),
    rules,
  );
  const broken = violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, any, all, none }) => {
      const reasons = [...any, ...all, ...none].map(({ message }) => message);
      return `${target.join(" ")} breaks ${id}: ${reasons.join("; ")}`;
    }),
  );
  const undecided = incomplete.filter(({ id }) => id === "color-contrast").flatMap(({ nodes }) => nodes);
  const faint = await page.evaluate(
    ([selectors, least]) => (globalThis as unknown as { findings: InPage }).findings.faintTexts(selectors, least),
    [undecided.map(({ target }) => target.join(" ")), CONTRAST] as const,
  );
  return [...broken, ...faint];
}
