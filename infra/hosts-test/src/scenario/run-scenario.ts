import { setTimeout as wait } from "node:timers/promises";
import {
  ARRIVED_WITHIN_MS,
  BACK_WITHIN_MS,
  Crowd,
  type CrowdFigures,
  judgeMessages,
  judgeReturns,
  judgeShareRecovered,
  judgeWaits,
  Newcomers,
  RECOVERED_SHARE,
  type Span,
  spreadOf,
  until,
  type Verdict,
} from "@switchyard/testkit";
import { PairsToPart } from "../clients/pairs-to-part.ts";
import { type FrontKind, frontUrls, Lab, sharedFrontUrls } from "../lab.ts";
import type { Run } from "../run.ts";
import { type Bounds, boundsOf } from "./bounds.ts";
import { judgeHealth } from "./doctor.ts";
import { judgeFreshPairs } from "./fresh-pairs.ts";
import type { Scenario } from "./scenarios.ts";

const UNDISTURBED_MS = 5000;
/** A write that a master acknowledged that long before its end may not have reached its replica. */
const REPLICATION_MS = 250;
/** An acknowledgement may have been on its way to its client when the master ended. */
const ON_THE_WAY_MS = 250;

export interface Setting {
  readonly run: Run;
  readonly scenario: Scenario;
  readonly clients: number;
  readonly faultMs: number;
  readonly front: FrontKind;
}

/** Receives the output of a scenario while it runs. */
export interface Observer {
  /** @param what the scenario does now */
  step(what: string): void;
  print(line: string): void;
  check(verdict: Verdict): void;
}

/** All clients of a run. */
interface Load {
  readonly crowd: Crowd;
  readonly newcomers: Newcomers;
  readonly pairsToPart: PairsToPart;
}

/** Starts the cluster on its hosts, lets clients talk, injects the fault, and judges what came of it. */
export async function runScenario(setting: Setting, observer: Observer): Promise<void> {
  const { run, scenario, front } = setting;
  const lab = new Lab(run);
  const bounds = boundsOf(scenario);
  const urls = scenario.sharesProxies ? sharedFrontUrls : frontUrls;
  observer.step("starting the cluster");
  await lab.start(scenario.redis, front);
  const load: Load = {
    crowd: new Crowd({ graceMs: bounds.graceMs }),
    newcomers: new Newcomers(urls),
    pairsToPart: new PairsToPart(lab.host("clients2")),
  };
  try {
    observer.step("pairing clients");
    await load.crowd.gather(urls, setting.clients);
    await load.pairsToPart.gather(urls);
    load.crowd.begin();
    load.newcomers.begin();
    await wait(UNDISTURBED_MS);
    await injectAndJudge(setting, { lab, load, bounds }, observer);
  } finally {
    load.crowd.leave();
    load.newcomers.leave();
    load.pairsToPart.leave();
  }
  observer.step("asking the doctor");
  observer.check(await judgeHealth(lab));
}

interface Running {
  readonly lab: Lab;
  readonly load: Load;
  readonly bounds: Bounds;
}

async function injectAndJudge(
  { scenario, faultMs }: Setting,
  { lab, load, bounds }: Running,
  observer: Observer,
): Promise<void> {
  const { crowd, newcomers, pairsToPart } = load;
  const from = Date.now();
  const excused = scenario.failsOver && { from: from - REPLICATION_MS, to: from + ON_THE_WAY_MS };
  if (excused) crowd.excuse(excused);
  const leavers = lab.host("clients2");
  await lab.faults.isolate(leavers.address);
  await leavers.kill();
  const heal = await scenario.inject(lab);
  observer.step(`${scenario.what}${heal ? `, for ${faultMs / 1000} s` : ""}`);
  if (heal) {
    await wait(faultMs);
    await heal();
  } else {
    await until("those who left to be gone", () => pairsToPart.isOver, bounds.goneMs).catch(() => {}); // judged below
  }
  observer.step("letting everybody come back");
  await crowd.goesOn(BACK_WITHIN_MS).catch((error: unknown) => {
    observer.check({ claim: "everybody talks on afterwards", holds: false, figures: String(error) });
  });
  await wait(UNDISTURBED_MS);
  newcomers.stop();
  observer.step("waiting for what is under way");
  await crowd.finish(ARRIVED_WITHIN_MS);
  await until("those who left to be gone", () => pairsToPart.isOver, from + bounds.goneMs - Date.now()).catch(() => {});
  const figures = crowd.figures();
  describe(figures, excused || undefined, observer);
  const verdicts = [
    ...judgeMessages(figures),
    ...judgeReturns(figures),
    judgeShareRecovered(figures, RECOVERED_SHARE),
    judgeWaits(newcomers.waits(), bounds.connectedMs),
    pairsToPart.judge(from, bounds.goneMs),
    ...(await judgeFreshPairs(newcomers, excused || undefined)),
  ];
  for (const verdict of verdicts) observer.check(verdict);
}

function describe({ allGaps, refusals, excused }: CrowdFigures, span: Span | undefined, observer: Observer): void {
  const refused = [...refusals].map(([why, count]) => `${count} (${why})`).join(", ") || "none";
  observer.print(`${allGaps.length} connections lost, away for ${spreadOf(allGaps)}; messages refused: ${refused}`);
  if (span)
    observer.print(
      `that an asynchronous fail-over may lose: ${excused.lost} acknowledged messages, ${excused.parted} sessions`,
    );
}
