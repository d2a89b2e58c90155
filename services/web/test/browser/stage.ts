import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { findChromium, launchChromium } from "./chromium.ts";
import { type RunningCluster, startCluster } from "./cluster.ts";
import { Person } from "./person.ts";

const START_MS = 180_000;
const STORY_MS = 90_000;

/** Where a story of the page is played: a cluster, and a browser in which each person has a window. */
export interface Stage {
  cluster(): RunningCluster;
  /** @param place as in `#/match?match=7f3a` */
  person(place: string, fact?: string | null): Promise<Person>;
}

/** Tests with people in a real browser, on a real cluster; skipped, with the reason, where there is no browser. */
export function describeOnStage(story: string, tell: (stage: Stage) => void): void {
  const chromium = findChromium();
  if ("path" in chromium) describe(story, { timeout: STORY_MS }, () => tell(prepareStage(chromium.path)));
  else test(story, ({ skip }) => skip(chromium.missing));
}

function prepareStage(browserPath: string): Stage {
  let running: RunningCluster | undefined;
  let browser: Browser | undefined;
  let people: Person[] = [];
  const cluster = () => {
    if (!running) throw new Error("The cluster is not up yet.");
    return running;
  };

  beforeAll(async () => {
    [running, browser] = await Promise.all([startCluster(), launchChromium(browserPath)]);
  }, START_MS);

  afterAll(() => Promise.all([running?.stop(), browser?.close()]));

  afterEach(async () => {
    const errors = people.flatMap((person) => person.errors);
    await Promise.all(people.map((person) => person.leave()));
    people = [];
    expect(errors).toEqual([]);
  });

  return {
    cluster,
    async person(place, fact) {
      if (!browser) throw new Error("The browser is not up yet.");
      const person = await Person.visit(browser, `${cluster().url}/${place}`, fact);
      people.push(person);
      return person;
    },
  };
}
