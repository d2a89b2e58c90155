import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import {
  type Attack,
  type AttackTarget,
  LARGE_BODY,
  LONG_NAME,
  LONGEST_TEXT,
  open,
  repeat,
  TRY_AGAIN_MS,
} from "./attack-target.ts";
import type { Wire } from "./wire.ts";

const FULL_ROOM = 32;
/** As many costly events as a user may send in a minute, sent at once. */
const AT_ONCE = 100;

/** A room's members, each over a connection of its own; those that were refused are missing. */
async function gather(attacked: AttackTarget, roomId: string, count: number): Promise<Wire[]> {
  const wires = await Promise.all(Array.from({ length: count }, () => open(attacked)));
  const joined: Wire[] = [];
  for (const wire of wires) {
    const isIn = !attacked.end.aborted && (await wire?.connect("/rooms"));
    if (wire && isIn) await wire.request("/rooms", "join-room", { roomId, userName: LONG_NAME });
    if (wire && isIn) joined.push(wire);
    else wire?.cut();
  }
  return joined;
}

interface Scene {
  readonly roomId: string;
  readonly members: readonly Wire[];
}

/** Gathers the members of a meeting, and does something there until all of it was refused; again and again. */
async function inMeetings(
  attacked: AttackTarget,
  count: number,
  act: (scene: Scene) => Promise<boolean>,
): Promise<void> {
  while (!attacked.end.aborted) {
    const roomId = randomUUID();
    const members = await gather(attacked, roomId, count);
    while (members[0]?.isOpen && !attacked.end.aborted && (await act({ roomId, members })));
    for (const member of members) member.cut();
    await pause(TRY_AGAIN_MS);
  }
}

/** Sends an event many times at once. Resolves with whether one of them was accepted. */
async function burst(wire: Wire, event: string, payloadOf: (i: number) => object): Promise<boolean> {
  const answers = Array.from({ length: AT_ONCE }, (_, i) => wire.request("/rooms", event, payloadOf(i)));
  return (await Promise.all(answers)).some((answer) => answer?.ok === true);
}

/** Fills a meeting's history, and joins it again and again. */
export const rejoin: Attack = (attacked) =>
  repeat(attacked, async (wire) => {
    const [roomId, other] = [randomUUID(), randomUUID()];
    await wire.connect("/rooms");
    const join = (room: string) => wire.request("/rooms", "join-room", { roomId: room, userName: LONG_NAME });
    await join(roomId);
    for (let i = 0; i < 50; i += 1) await wire.request("/rooms", "send-message", { roomId, message: LONGEST_TEXT });
    return async () => {
      await join(other);
      await join(roomId);
    };
  });

/** Changes members' states in a full meeting of people with long names. */
export const toggle: Attack = (attacked) =>
  inMeetings(attacked, FULL_ROOM, async ({ roomId, members }) => {
    const changes = members.map((one) => burst(one, "toggle-audio", (i) => ({ roomId, isAudioMuted: i % 2 === 0 })));
    return (await Promise.all(changes)).includes(true);
  });

/** Most members of a meeting are away, and the others write: what is kept whole in each outbox, and the longest. */
export const away: Attack = (attacked) =>
  inMeetings(attacked, FULL_ROOM, async ({ roomId, members }) => {
    for (const member of members.slice(2)) member.cut();
    const texts = ["x".repeat(300), LONGEST_TEXT];
    const written = members
      .slice(0, 2)
      .map((one, i) => burst(one, "send-message", () => ({ roomId, message: texts[i] })));
    return (await Promise.all(written)).includes(true);
  });

/** Writes long messages in as many meetings as it can, each of which keeps them. */
export const histories: Attack = (attacked) =>
  inMeetings(attacked, 2, async ({ roomId, members }) => {
    const written = members.map((one) => burst(one, "send-message", () => ({ roomId, message: LONGEST_TEXT })));
    return (await Promise.all(written)).includes(true);
  });

/** Sends large offers to somebody who is away. */
export const offers: Attack = (attacked) =>
  inMeetings(attacked, 2, async ({ roomId, members: [first, second] }) => {
    const answer = await second?.request("/rooms", "webrtc-offer", { targetId: "nobody", offer: {} });
    const target = first?.sessionIn("/rooms");
    first?.cut();
    if (!second || !answer || target === undefined) return false;
    while (second.isOpen && !attacked.end.aborted) {
      const offer = { type: "offer", sdp: LARGE_BODY };
      const sent = Array.from({ length: 20 }, () =>
        second.request("/rooms", "webrtc-offer", { roomId, targetId: target, offer }),
      );
      if (!(await Promise.all(sent)).some((one) => one?.ok)) break;
    }
    return false;
  });
