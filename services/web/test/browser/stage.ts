import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type CameraKind, findChromium, launchChromium } from "./chromium.ts";
import { type RunningCluster, startCluster } from "./cluster.ts";
import { Person, type Screen } from "./person.ts";

const START_MS = 180_000;
const STORY_MS = 90_000;

interface Device {
  screen?: Screen;
  camera?: CameraKind;
}

/** Where a story of the page is played: a cluster, and a browser in which each person has a window. */
export interface Stage {
  cluster(): RunningCluster;
  /** @param place as in `#/match?match=7f3a` */
  person(place: string, fact?: string | null, device?: Device): Promise<Person>;
}

/** Tests with people in a real browser, on a real cluster; skipped, with the reason, where there is no browser. */
export function describeOnStage(story: string, tell: (stage: Stage) => void): void {
  const chromium = findChromium();
  if ("path" in chromium) describe(story, { timeout: STORY_MS }, () => tell(prepareStage(chromium.path)));
  else test(story, ({ skip }) => skip(chromium.missing));
}

function prepareStage(browserPath: string): Stage {
  let running: RunningCluster | undefined;
  const browsers = new Map<CameraKind, Promise<Browser>>();
  let people: Person[] = [];
  const cluster = () => {
    if (!running) throw new Error("The cluster is not up yet.");
    return running;
  };

  const browserWith = (camera: CameraKind) => {
    const browser = browsers.get(camera) ?? launchChromium(browserPath, camera);
    browsers.set(camera, browser);
    return browser;
  };

  beforeAll(async () => {
    [running] = await Promise.all([startCluster(), browserWith("given")]);
  }, START_MS);

  afterAll(async () => {
    const open = await Promise.all(browsers.values());
    await Promise.all([running?.stop(), ...open.map((browser) => browser.close())]);
  });

  const tellWhatIsThere = async () => {
    const windows = await Promise.all(people.map((person) => person.shows()));
    const all = [
      ...windows.map((text, index) => `-- window ${index + 1}\n${text}`),
      `-- cluster\n${cluster().output()}`,
    ];
    process.stderr.write(`what there was to see when a test failed:\n${all.join("\n")}\n`);
  };

  afterEach(async ({ task }) => {
    if (task.result?.state === "fail") await tellWhatIsThere();
    const errors = people.flatMap((person) => person.errors);
    await Promise.all(people.map((person) => person.leave()));
    people = [];
    expect(errors).toEqual([]);
  });

  return {
    cluster,
    async person(place, fact, { screen, camera = "given" } = {}) {
      const person = await Person.visit(await browserWith(camera), `${cluster().url}/${place}`, fact, screen);
      people.push(person);
      return person;
    },
  };
}
