import type { Store } from "@switchyard/store";
import { expect } from "vitest";
import type { Life } from "./life.ts";

const BURST = 130;

/** Something that is begun; what it resolves with is checked when everything that was begun with it is over. */
export type Act = (life: Life, store: Store, choice: number) => Promise<() => void>;

/** What can happen to a session, and how often it does. */
export const acts: Readonly<Record<string, readonly [weight: number, act: Act]>> = {
  deliver: [
    6,
    async (life, { outboxes }, choice) => {
      const [packet, epoch, { received, over }] = [life.send(), 1 + (choice % 3), { ...life }];
      const errorCode = await outboxes.deliver(life.session, life.room, { session: "peer", epoch }, packet);
      if (errorCode === undefined) life.accepted.add(packet);
      if (over) expect(errorCode).toBe("unknown");
      else if (epoch < received) expect(["fenced", "absent", "unknown"]).toContain(errorCode);
      return () => {
        if (errorCode === undefined) life.received = Math.max(life.received, epoch);
      };
    },
  ],
  send: [3, (life, store) => send(life, store, 1)],
  burst: [1, (life, store) => send(life, store, BURST)],
  resume: [
    4,
    async (life, { sessions }, choice) => {
      const [node, offset, over] = [`node-${choice}`, life.offset, life.over];
      const secret = choice % 5 === 4 ? "wrong" : "secret";
      const restored = await sessions.resume(life.session, secret, offset, node);
      if (over) expect(restored).toBe("unknown");
      else if (secret === "wrong") expect(["wrongSecret", "unknown"]).toContain(restored);
      if (typeof restored === "string") return () => {};
      expect(restored.missed.map(({ number }) => number)).toEqual(
        Array.from({ length: restored.record.number - offset }, (_, i) => offset + i + 1),
      );
      return () => {
        life.holders.push({ node, epoch: restored.epoch });
        life.connected = true;
        for (const event of restored.missed) if (event.number > life.offset) life.had.push(event);
      };
    },
  ],
  check: [
    2,
    (life, store, choice) => fenced(life, choice, ({ epoch }) => store.sessions.reconcile(life.session, epoch, 0)),
  ],
  ask: [
    1,
    (life, store, choice) =>
      fenced(life, choice, ({ epoch }) => store.sessions.requestTicket(life.session, epoch, "chat", "user", "{}")),
  ],
  detach: [
    2,
    (life, store, choice) =>
      fenced(life, choice, ({ node, epoch }) =>
        store.sessions.detach(life.session, node, epoch, store.clock.now() - 1),
      ),
  ],
  hangUp: [
    3,
    async (life) => () => {
      life.connected = false;
    },
  ],
  evict: [
    1,
    async (life, { sessions }) => {
      const packet = life.send();
      life.evictions.add(packet);
      await sessions.evict(life.session, "user", packet);
      return () => {};
    },
  ],
  end: [
    1,
    async (life, { sessions }, choice) => {
      const holder = life.holders[choice % life.holders.length];
      const ended = await sessions.end(life.session, choice % 2 === 0 ? holder?.epoch : undefined);
      return () => {
        if (typeof ended !== "string") life.over = true;
      };
    },
  ],
};

async function send(life: Life, { outboxes }: Store, count: number): Promise<() => void> {
  const packets = Array.from({ length: count }, () => life.send());
  const { over } = life;
  const sent = packets.map(async (packet) => {
    const errorCode = await outboxes.send(life.session, packet);
    if (errorCode === undefined) life.accepted.add(packet);
    if (over) expect(errorCode).toBe("unknown");
  });
  await Promise.all(sent);
  return () => {};
}

/** What an epoch asks that was overtaken before it began to ask is refused. */
async function fenced(
  life: Life,
  choice: number,
  ask: (holder: Life["holders"][number]) => Promise<unknown>,
): Promise<() => void> {
  const holder = life.holders[choice % life.holders.length] ?? { node: "node", epoch: 1 };
  const [overtaken, over] = [holder.epoch < life.epoch, life.over];
  const answer = await ask(holder);
  if (overtaken && !over) expect(["fenced", "unknown"]).toContain(answer);
  return () => {};
}
