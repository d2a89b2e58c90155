import {
  type ClusterOptions,
  type Service,
  type ServiceProcess,
  startCluster,
  startProcessCluster,
  type TestCluster,
} from "@switchyard/testkit";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { testWithBrowsers } from "./browsers.ts";
import { buildPage } from "./built-page.ts";
import { findChromium } from "./chromium.ts";
import { type Device, People } from "./people.ts";
import type { Person } from "./person.ts";

/** A story waits for many things one after the other, each with the patience of a `Person`. */
const STORY_MS = 600_000;

/** With these a machine that stands still for a while ends no connection, no session and no node. */
const patient = { RECONNECT_GRACE_MS: 120_000, LEASE_MS: 60_000, PING_TIMEOUT_MS: 120_000 };

/** Where nodes die: at the end, what they left is waited for to be cleared up. */
const SHORT_LEASE_MS = 10_000;

/** Where a story of the page is played: a cluster, and a browser in which each person has a window. */
export interface Stage<Kind extends Service = Service> {
  cluster(): TestCluster<Kind>;
  /** Somebody comes, as `People` says. */
  person(place: string, fact?: string | null, device?: Device): Promise<Person>;
}

/** Tests with people in a real browser, on two nodes; skipped, with the reason, where there is no browser. */
export function describeOnStage(
  story: string,
  tell: (stage: Stage) => void,
  { environment }: Pick<ClusterOptions, "environment"> = {},
): void {
  describeOn(() => startCluster({ environment: { ...patient, ...environment } }), story, tell);
}

/** The same, with nodes that can be killed. */
export function describeOnProcesses(story: string, tell: (stage: Stage<ServiceProcess>) => void): void {
  describeOn(() => startProcessCluster({ environment: { ...patient, LEASE_MS: SHORT_LEASE_MS } }), story, tell);
}

function describeOn<Kind extends Service>(
  start: () => Promise<TestCluster<Kind>>,
  story: string,
  tell: (stage: Stage<Kind>) => void,
): void {
  const chromium = findChromium();
  if ("path" in chromium) describe(story, { timeout: STORY_MS }, () => tell(prepareStage(start)));
  else test(story, ({ skip }) => skip(chromium.missing));
}

function prepareStage<Kind extends Service>(start: () => Promise<TestCluster<Kind>>): Stage<Kind> {
  let running: TestCluster<Kind> | undefined;
  let people: People | undefined;

  testWithBrowsers.beforeAll(async ({ browsers }) => {
    await buildPage();
    running = await start();
    people = new People(browsers, running);
  }, STORY_MS);

  afterAll(() => running?.stop());

  afterEach(({ task }) => people && endStory(people, task.result?.state === "fail"));

  return {
    cluster: () => begun(running),
    person: (place, fact, device) => begun(people).arrive(place, fact, device),
  };
}

async function endStory(people: People, hasFailed: boolean): Promise<void> {
  const report = async () =>
    process.stderr.write(`what there was to see when a test failed:\n${await people.report()}\n`);
  let errors: string[] = [];
  try {
    if (hasFailed) await report();
    await people.depart();
  } catch (error) {
    if (!hasFailed) await report();
    throw error;
  } finally {
    errors = await people.close();
  }
  expect(errors).toEqual([]);
}

function begun<Part>(part: Part | undefined): Part {
  if (part === undefined) throw new Error("The story has not begun.");
  return part;
}
