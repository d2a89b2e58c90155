import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Mesh } from "../src/shared/call/mesh.ts";
import type { Signal } from "../src/shared/call/signal.ts";
import { answer, candidate, offer, type RecordedCalls, recordCalls } from "./recorded-calls.ts";

const media = { audio: null, video: null };

let calls: RecordedCalls;
let sent: [peer: string, signal: Signal][];
let gone: string[];
let refused: Set<string>;
let mesh: Mesh;

beforeEach(() => {
  vi.useFakeTimers();
  calls = recordCalls();
  sent = [];
  gone = [];
  refused = new Set();
  mesh = new Mesh({
    ownId: "m",
    media,
    iceServers: Promise.resolve([]),
    send: async (peer, signal) => {
      sent.push([peer, signal]);
      return !refused.has(peer);
    },
    onChange: (peer, view) => void (view ?? gone.push(peer)),
    openCall: calls.openCall,
  });
});

afterEach(() => {
  mesh.close();
  vi.useRealTimers();
});

const initiators = () => calls.opened.map(({ options }) => options.initiator);

test("whoever was there is offered to, and an offer from whoever comes is answered", () => {
  mesh.call("a");
  mesh.expect("z");
  mesh.receive("z", offer("1"));
  mesh.receive("z", candidate);
  expect(initiators()).toEqual([true, false]);
  expect(calls.latest().received).toEqual([offer("1"), candidate]);
});

test("of two who offer at once exactly one gives way", () => {
  mesh.call("a");
  mesh.call("z");
  expect(calls.opened.map(({ options }) => options.polite)).toEqual([false, true]);
});

test("signals of somebody unknown open nothing, but for an offer", () => {
  mesh.receive("a", candidate);
  mesh.receive("a", answer("1"));
  expect(calls.opened).toHaveLength(0);
});

test("whoever comes and does not offer is offered to after a while, unless they have left", () => {
  mesh.expect("a");
  mesh.expect("b");
  mesh.drop("b");
  vi.advanceTimersByTime(10_000);
  expect(initiators()).toEqual([true]);
});

test("whoever comes again has a new page: the former call is dropped", () => {
  mesh.receive("a", offer("1"));
  vi.advanceTimersByTime(60_000);
  mesh.expect("a");
  expect([calls.latest().closed, gone]).toEqual([true, ["a"]]);
  mesh.receive("a", offer("2"));
  vi.advanceTimersByTime(60_000);
  expect(initiators()).toEqual([false, false]);
});

test("an offer that is here before the word that its maker has come is kept", () => {
  mesh.receive("a", offer("1"));
  mesh.expect("a");
  vi.advanceTimersByTime(60_000);
  expect(calls.opened.map(({ closed }) => closed)).toEqual([false]);
});

test("an offer of another connection than the one known begins a new call; one of the same goes on", () => {
  mesh.receive("a", offer("1"));
  mesh.receive("a", offer("1"));
  expect(calls.opened).toHaveLength(1);
  mesh.receive("a", offer("2"));
  expect(calls.opened.map(({ closed }) => closed)).toEqual([true, false]);
  mesh.receive("a", answer("1"));
  expect(calls.latest().received).toEqual([offer("2")]);
});

test("an offer that the server refuses is made again, until it is taken", async () => {
  refused.add("a");
  mesh.call("a");
  for (let round = 0; round < 3; round += 1) {
    calls.latest().options.send(offer(String(round)));
    await vi.advanceTimersByTimeAsync(1000);
  }
  expect(calls.opened).toHaveLength(4);
  refused.clear();
  calls.latest().options.send(offer("3"));
  await vi.advanceTimersByTimeAsync(60_000);
  expect(calls.opened).toHaveLength(4);
});

test("a call that is over says nothing any more", () => {
  mesh.call("a");
  mesh.drop("a");
  calls.latest().options.send(candidate);
  calls.latest().options.onChange({ state: "failed", remote: null });
  expect([sent, gone]).toEqual([[], ["a"]]);
});

test("another track goes to everyone, also to whoever comes later", () => {
  const track = { kind: "video" } as MediaStreamTrack;
  mesh.call("a");
  mesh.replace("video", track);
  mesh.replace("video", track);
  expect(calls.latest().replaced).toEqual([["video", track]]);
  mesh.call("b");
  expect(calls.latest().options.media.video).toBe(track);
});

test("only those who are there are kept", () => {
  for (const peer of ["a", "b", "c"]) mesh.call(peer);
  mesh.expect("d");
  mesh.keepOnly(["b"]);
  expect(calls.opened.map(({ closed }) => closed)).toEqual([true, false, true]);
  vi.advanceTimersByTime(60_000);
  expect(calls.opened).toHaveLength(3);
});
