import { type Context, enter, type Participant, withMissedState } from "@switchyard/core";
import type { DialectName, RoomId } from "@switchyard/protocol";
import type { CoreOnRedis } from "./core-on-redis.ts";

export const LONG = "x".repeat(3000);

/** What a client receives that has missed every event after that offset: their numbers, names and contents. */
export async function missedBy(core: CoreOnRedis, { session }: Participant, dialect: DialectName, offset = 0) {
  const restored = await core.resumed(session, offset);
  const contexts = new Map([[dialect, core.contextOf(dialect)]]);
  const whole = await withMissedState({ contexts }, session, restored);
  if (whole === "gap") throw new Error(whole);
  return whole.missed.flatMap(({ number, packet }) => {
    if (packet === "") return [];
    const [name, content] = JSON.parse(packet) as [string, Record<string, unknown>];
    return [{ number, name, content }];
  });
}

export const textsOf = (messages: unknown) =>
  (messages as { message?: string; text?: string }[]).map((one) => one.message ?? one.text);

/** In a room, where a participant is a connection. */
export const enterAs = (context: Context, participant: Participant, room: RoomId) =>
  enter(context, participant, { room, user: String(participant.session), profile: { userName: "somebody" } });
