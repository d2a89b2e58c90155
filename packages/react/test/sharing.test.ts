import { until } from "@switchyard/testkit";
import { createElement, StrictMode } from "react";
import { renderToString } from "react-dom/server";
import { expect, test, vi } from "vitest";
import { MatchSession, noMatch } from "../src/dialects/match-session.ts";
import { type MatchState, useMatch, useSignaling } from "../src/index.ts";
import { Hold } from "../src/session/hold.ts";
import { noConnection } from "../src/session/live.ts";
import { newId, timesSent, useCluster } from "./people.ts";

const cluster = useCluster();
const initial: MatchState = { ...noConnection, ...noMatch };

/** A component's share of a match, as `useMatch` has it; they come and go as React's effects do. */
function holdOf(options: { url: string; userId: string; matchId: string }, key = options.matchId) {
  return new Hold(key, () => new MatchSession(options), initial);
}

test("a component that is mounted a hundred times registers once, and leaves no connection", async () => {
  const options = { url: cluster().node(0).url, userId: newId("ada"), matchId: newId("match") };
  const before = await timesSent(cluster(), "match", "register");
  for (let i = 0; i < 100; i += 1) {
    const hold = holdOf(options); // React renders twice, and keeps one
    holdOf(options);
    hold.subscribe(() => {})(); // StrictMode mounts, unmounts and mounts
    hold.subscribe(() => {})();
  }
  const hold = holdOf(options);
  const end = hold.subscribe(() => {});
  await until("it to be in", () => hold.get().participants.length === 1);
  expect(await timesSent(cluster(), "match", "register")).toBe(before + 1);
  end();
  await until("it to be gone", async () => (await cluster().store.presence.count("match")) === 0);
  expect(hold.get()).toBe(initial);
});

test("a component that comes right after the end of a session knows all that a first one does", async () => {
  const options = { url: cluster().node(0).url, userId: newId("ada"), matchId: newId("match") };
  const hold = holdOf(options);
  hold.subscribe(() => {})();
  await until("the session to be over", () => hold.session === undefined);
  const end = hold.subscribe(() => {});
  await until("it to be in", () => hold.get().participants.length === 1);
  end();
  await until("it to be gone", async () => (await cluster().store.presence.count("match")) === 0);
});

test("two components share a session, and the first that leaves takes nothing away", async () => {
  const options = { url: cluster().node(0).url, userId: newId("ada"), matchId: newId("match") };
  const [one, two] = [holdOf(options), holdOf(options)];
  const ends = [one, two].map((hold) => hold.subscribe(() => {}));
  await until("both to know", () => [one, two].every((hold) => hold.get().participants.length === 1));
  expect(one.get()).toBe(two.get());
  ends[0]?.();
  expect(two.get().status).toBe("connected");
  ends[1]?.();
  await until("it to be gone", async () => (await cluster().store.presence.count("match")) === 0);
});

test("on a server nothing is connected: what is rendered is the state before the first connection", () => {
  const opened = vi.fn();
  const Page = () => {
    const { status, connection } = useMatch({ url: "http://127.0.0.1:1", userId: "ada", matchId: "m" });
    const { isConnecting, participants } = useSignaling({ userId: "ada", matchId: "m" }, { onError: opened });
    return `${status} ${connection} ${isConnecting} ${participants.length}`;
  };
  const handles = process.getActiveResourcesInfo().length;
  expect(renderToString(createElement(StrictMode, null, createElement(Page)))).toBe("connecting null true 0");
  expect(process.getActiveResourcesInfo().length).toBeLessThanOrEqual(handles);
  expect(opened).not.toHaveBeenCalled();
});

test("importing it does nothing", async () => {
  const globals = Object.keys(globalThis);
  const handles = process.getActiveResourcesInfo().length;
  vi.resetModules();
  await import("../src/index.ts");
  expect(Object.keys(globalThis)).toEqual(globals);
  expect(process.getActiveResourcesInfo().length).toBeLessThanOrEqual(handles);
});
