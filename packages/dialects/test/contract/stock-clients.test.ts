import { randomUUID } from "node:crypto";
import { startCluster, type TestCluster, until } from "@switchyard/testkit";
import type { io as connect } from "socket.io-client";
import { beforeAll, describe, expect, test } from "vitest";
import { patient } from "../patient.ts";

interface Version {
  readonly version: string;
  readonly load: () => Promise<unknown>;
  /** Since 4.6. */
  readonly recovers: boolean;
}

/** The versions by name: the older ones' types can't be found by the way that they are imported. */
const versions: readonly Version[] = [
  { version: "3.1", load: () => import("socket.io-client-3.1" as string), recovers: false },
  { version: "4.0", load: () => import("socket.io-client-4.0" as string), recovers: false },
  { version: "the current one", load: () => import("socket.io-client"), recovers: true },
];
const cases = versions.flatMap((version) =>
  ["websocket", "polling"].flatMap((transport) => ["/match", "/"].map((at) => ({ ...version, transport, at }))),
);

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster({ matchmakers: 0, environment: patient });
  return cluster.stop;
});

describe.each(cases)("socket.io-client, $version, by $transport at $at", ({ load, recovers, transport, at }) => {
  test("opens a dialect, exchanges, and comes back", async () => {
    const { io } = (await load()) as { readonly io: typeof connect };
    const partner = await cluster.connect(1, { namespace: "/match" });
    const matchId = `match-${randomUUID()}`;
    await partner.request("register", { userId: partner.user, matchId });
    const userId = `${partner.user}-stock`;
    const socket = io(`${cluster.node(0).url}${at}`, {
      transports: [transport],
      forceNew: true,
      reconnectionDelay: 20,
    });
    const received: { readonly name: string; readonly payload: unknown }[] = [];
    for (const name of ["joined", "offer"]) socket.on(name, (payload: unknown) => received.push({ name, payload }));
    const heard = (name: string, times = 1) =>
      until(`"${name}"`, () => received.filter((event) => event.name === name).length >= times);
    const ask = (event: string, payload: object) =>
      new Promise((answer) => void socket.emit(event, payload, (...args: unknown[]) => answer(args[0])));
    try {
      expect(await ask("register", { userId, matchId })).toEqual({ ok: true });
      await heard("joined");
      expect(await partner.request("offer", { to: userId, offer: { sdp: "1" } })).toEqual({ ok: true });
      await heard("offer");
      expect(await ask("answer", { to: partner.user, answer: { sdp: "2" } })).toEqual({ ok: true });
      await until("the answer", () => partner.received.some(({ name }) => name === "answer"));
      const before = socket.id;
      const back = new Promise((connected) => void socket.once("connect", () => connected(undefined)));
      setImmediate(() => socket.io.engine.close());
      await back;
      expect(socket.id === before).toBe(recovers);
      expect(Boolean(socket.recovered)).toBe(recovers);
      expect(await ask("register", { userId, matchId })).toEqual({ ok: true });
      expect(await partner.request("offer", { to: userId, offer: { sdp: "3" } })).toEqual({ ok: true });
      await heard("offer", 2);
      expect(partner.received.map(({ name }) => name)).not.toContain("user-left");
    } finally {
      socket.disconnect();
      partner.leave();
    }
  });
});
