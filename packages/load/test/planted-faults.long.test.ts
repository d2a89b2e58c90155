import { startCluster, type TestCluster } from "@switchyard/testkit";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { readScenario, runLoad, textOf } from "../src/index.ts";
import { type FrameProxy, openFrameProxy, type Tamper } from "./frame-proxy.ts";

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster({ nodes: 1 });
  return cluster.stop;
});

const meeting = `
arrival: { users: 4 }
ramp: 100ms
duration: 4s
mix: [{ behaviour: rooms, size: 4, messageEvery: 300ms, toggleEvery: 1h }]`;

const pair = `
arrival: { users: 2 }
ramp: 100ms
duration: 6s
patience: 2s
mix: [{ behaviour: random, messageEvery: 500ms, nextAfter: 1h }]`;

const USERS = 4;
const message = /^42\/rooms,\["new-message"/;
const saying = /^42\/rooms,\d+\["send-message"/;
const acknowledgement = /^43\/rooms,\d+\[\{"ok":true,"id"/;
const drop = () => [];
const double = (frame: string) => [frame, frame];
const contentOf = (frame: string) => /"message":"([^"]+)"/.exec(frame)?.[1];

/**
 * The report of a meeting, or another scenario, whose clients reach the node through a proxy that these faults are planted in. Messages that
 * were sent before everybody was there are left alone: they are not owed to all.
 */
async function reportBehind(
  {
    toClients = (frame: string) => [frame],
    fromClients = (frame: string) => [frame],
  }: Partial<Pick<FrameProxy, "toClients" | "fromClients">>,
  scenario = meeting,
) {
  const proxy = await openFrameProxy(cluster.node(0).url);
  onTestFinished(proxy.close);
  const owed = new Set<string>();
  let joined = 0;
  proxy.toClients = (frame, connection) => {
    const isWelcome = frame.startsWith('42/rooms,["joined-room"'); // with the messages of before
    if (isWelcome) joined += 1;
    const content = isWelcome ? undefined : contentOf(frame);
    return content === undefined || owed.has(content) ? toClients(frame, connection) : [frame];
  };
  proxy.fromClients = (frame, connection) => {
    const content = contentOf(frame);
    if (content !== undefined && joined < USERS) return [frame];
    if (content !== undefined) owed.add(content);
    return fromClients(frame, connection);
  };
  return runLoad(readScenario(scenario, { targets: [proxy.url] }));
}

/** Treats one frame among those that match, and lets all others pass. */
function one(matches: RegExp, passed: number, fault: (frame: string) => readonly string[]): Tamper {
  let seen = 0;
  return (frame) => {
    if (!matches.test(frame)) return [frame];
    seen += 1;
    return seen === passed + 1 ? fault(frame) : [frame];
  };
}

/** Holds a message back until a client has been sent the next one of the same sender: a frame of that client overtakes it. */
function swapped(passed: number): Tamper {
  const held = new Map<string, string>();
  let seen = 0;
  return (frame, connection) => {
    const sender = /^\w+ \d+ (\d+) /.exec(contentOf(frame) ?? "")?.[1];
    if (sender === undefined || !message.test(frame)) return [frame];
    seen += 1;
    const way = `${connection} ${sender}`;
    const before = held.get(way);
    if (before === undefined) {
      if (seen <= passed || held.size > 0) return [frame];
      held.set(way, frame);
      return [];
    }
    held.set(way, "");
    return before === "" ? [frame] : [frame, before];
  };
}

test("nothing is found behind a proxy that does nothing", async () => {
  const report = await reportBehind({});
  expect(report.described, textOf(report)).toEqual([]);
});

describe.for([4, 11, 19])("after %d frames", (passed) => {
  test.for([
    ["a message that is dropped", "lost", message, drop],
    ["a message that is doubled", "doubled", message, double],
    ["an acknowledgement that is dropped", "unanswered", acknowledgement, drop],
    [
      "an altered sender",
      "misdelivered",
      message,
      (frame: string) => [frame.replace(/"userName":"[^"]*"/, '"userName":"eve"')],
    ],
  ] as const)("%s is found as %s", async ([, kind, frames, fault]) => {
    const report = await reportBehind({ toClients: one(frames, passed, fault) });
    expect(report.described, textOf(report)).toMatchObject([{ kind }]);
    expect(report.exitCode).toBe(2);
  });

  test("a message that is overtaken by the next one is found", async () => {
    const report = await reportBehind({ toClients: swapped(passed) });
    expect(report.violations.reordered, textOf(report)).toBe(1);
  });

  test("an event that the node never gets is found, and one that it gets twice", async () => {
    const dropped = await reportBehind({ fromClients: one(saying, passed, drop) });
    expect(dropped.described, textOf(dropped)).toMatchObject([{ kind: "unanswered" }]);
    const doubled = await reportBehind({ fromClients: one(saying, passed, double) });
    expect(doubled.violations.doubled, textOf(doubled)).toBe(4); // each of the four receives it again
  });
});

test("a user that is said to be gone, and is there, is found", async () => {
  const parting = (frame: string) => {
    const [userName] = /"userName":"[^"]*"/.exec(frame) ?? [];
    return [frame, `42/rooms,["user-left",{${userName}}]`];
  };
  const report = await reportBehind({ toClients: one(message, 4, parting) });
  expect(report.described, textOf(report)).toMatchObject([{ kind: "departed" }]);
});

describe("of the list of a meeting", () => {
  const list = /^42\/rooms,\["participants-updated"/;
  const brief = `${meeting}\npatience: 1s\ngrace: 1s`;
  type Participant = { readonly userName: string };

  /** Alters all lists that one user gets once everybody is there; the first connection only asks whether the target answers. */
  const altered =
    (alter: (participants: readonly Participant[]) => readonly Participant[]): Tamper =>
    (frame, connection) => {
      if (connection !== 2 || !list.test(frame)) return [frame];
      const [name, participants, ...others] = JSON.parse(frame.slice(frame.indexOf("["))) as [string, Participant[]];
      if (participants.length < USERS) return [frame];
      return [`42/rooms,${JSON.stringify([name, alter(participants), ...others])}`];
    };

  test.for([
    ["one that is not in it", "missing", (all: readonly Participant[]) => all.slice(0, -1)],
    [
      "one that is not there",
      "ghost",
      (all: readonly Participant[]) => [
        ...all,
        ...all.slice(0, 1).map((one) => ({ ...one, userName: one.userName.replace(/\d+$/, "99") })),
      ],
    ],
    ["one that is in it twice", "ghost", (all: readonly Participant[]) => [...all, ...all.slice(0, 1)]],
  ] as const)("%s is found as %s", async ([, kind, alter]) => {
    const report = await reportBehind({ toClients: altered(alter) }, brief);
    const kinds = new Set(report.described.map((one) => one.kind));
    expect(kinds, textOf(report)).toEqual(new Set([kind]));
  });

  test("a user who is led into a second room is found", async () => {
    const joined = /^42\/rooms,\["joined-room"/;
    const twice = (frame: string) => [frame, frame.replace(/"roomId":"[^"]*"/, '"roomId":"other"')];
    const report = await reportBehind({ toClients: one(joined, 1, twice) }, brief);
    expect(report.violations["two-rooms"], textOf(report)).toBe(1);
  });
});

describe("of a pair", () => {
  const found = /^42\/random,\["partner_found"/;

  test("one that never receives its partner is found", async () => {
    const report = await reportBehind({ toClients: one(found, 1, drop) }, pair);
    expect(report.described, textOf(report)).toMatchObject([{ kind: "half-paired" }]);
  });

  test("two that wait on are found", async () => {
    const report = await reportBehind({ toClients: (frame) => (found.test(frame) ? [] : [frame]) }, pair);
    const kinds = report.described.map(({ kind }) => kind);
    expect(new Set(kinds), textOf(report)).toEqual(new Set(["unpaired"]));
  });
});
