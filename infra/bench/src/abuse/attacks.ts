import { randomUUID } from "node:crypto";
import { request } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { Wire } from "./wire.ts";

/** Where an attack goes, and from which address it comes. */
interface Aim {
  /** The nodes. */
  readonly urls: readonly string[];
  readonly address: string;
  /** Aborted when the time is over. */
  readonly end: AbortSignal;
}

type Attack = (aim: Aim) => Promise<void>;

const LARGE_TEXT = "x".repeat(4000);
const LARGE_EVENT = "x".repeat(60_000);
const FULL_ROOM = 32;
const LONG_NAME = "n".repeat(64);
/** Of those whose connection is refused, so that an attack that is shut out does not spin. */
const TRY_AGAIN_MS = 50;

/** Does something over one connection after the other, for as long as each of them is open and the time lasts. */
async function repeat(aim: Aim, begin: (wire: Wire) => Promise<() => Promise<void>>): Promise<void> {
  while (!aim.end.aborted) {
    const wire = await open(aim);
    if (!wire) continue;
    const act = await begin(wire);
    while (wire.isOpen && !aim.end.aborted) await act();
    wire.cut();
  }
}

async function open({ urls, address, end }: Aim): Promise<Wire | undefined> {
  const url = urls[Math.floor(Math.random() * urls.length)] ?? "";
  const wire = await Wire.open(url, address).catch(() => undefined);
  if (!wire && !end.aborted) await pause(TRY_AGAIN_MS);
  return wire;
}

/** A room's members, each over a connection of its own; those that were refused are missing. */
async function gather(aim: Aim, roomId: string, count: number): Promise<Wire[]> {
  const wires = await Promise.all(Array.from({ length: count }, () => open(aim)));
  const opened = wires.filter((wire) => wire !== undefined);
  for (const wire of opened) {
    await wire.connect("/rooms");
    await wire.request("/rooms", "join-room", { roomId, userName: LONG_NAME });
  }
  return opened;
}

/** Fills a meeting's history, and joins it again and again. */
const rejoin: Attack = (aim) =>
  repeat(aim, async (wire) => {
    const [roomId, other] = [randomUUID(), randomUUID()];
    await wire.connect("/rooms");
    const join = (room: string) => wire.request("/rooms", "join-room", { roomId: room, userName: LONG_NAME });
    await join(roomId);
    for (let i = 0; i < 50; i += 1) await wire.request("/rooms", "send-message", { roomId, message: LARGE_TEXT });
    return async () => {
      await join(other);
      await join(roomId);
    };
  });

/** Changes one member's state in a full meeting of people with long names. */
const toggle: Attack = async (aim) => {
  while (!aim.end.aborted) {
    const roomId = randomUUID();
    const members = await gather(aim, roomId, FULL_ROOM);
    const [first] = members;
    for (let on = false; first?.isOpen && !aim.end.aborted; on = !on) {
      await first.request("/rooms", "toggle-audio", { roomId, isAudioMuted: on });
    }
    for (const member of members) member.cut();
    await pause(TRY_AGAIN_MS);
  }
};

/** Most members of a meeting are away, and the others write. */
const away: Attack = async (aim) => {
  while (!aim.end.aborted) {
    const roomId = randomUUID();
    const members = await gather(aim, roomId, FULL_ROOM);
    for (const member of members.slice(2)) member.cut();
    const [first] = members;
    while (first?.isOpen && !aim.end.aborted) {
      await first.request("/rooms", "send-message", { roomId, message: LARGE_TEXT });
    }
    for (const member of members) member.cut();
    await pause(TRY_AGAIN_MS);
  }
};

/** One session after the other over one connection, each of which uses what it is allowed. */
const sessions: Attack = (aim) =>
  repeat(aim, async (wire) => async () => {
    if (!(await wire.connect("/random"))) return pause(TRY_AGAIN_MS);
    await wire.request("/random", "join", { userId: randomUUID(), type: "video", interests: ["a".repeat(40)] });
    for (let i = 0; i < 20; i += 1) await wire.request("/random", "next", {});
    wire.disconnect("/random");
  });

/** Connects to namespaces and disconnects from them. */
const connects: Attack = (aim) =>
  repeat(aim, async (wire) => async () => {
    for (const namespace of ["/rooms", "/calls", "/match"]) {
      if (await wire.connect(namespace)) wire.disconnect(namespace);
      else await pause(TRY_AGAIN_MS);
    }
  });

/** Wants to recover sessions that never were. */
const recoveries: Attack = (aim) =>
  repeat(aim, async (wire) => async () => {
    const isIn = await wire.connect("/random", { pid: randomUUID(), offset: "1-1" });
    if (isIn) wire.disconnect("/random");
    else await pause(TRY_AGAIN_MS);
  });

/** Sends large events that are refused. */
const refused: Attack = (aim) =>
  repeat(aim, async (wire) => {
    await wire.connect("/rooms");
    return async () => {
      if ((await wire.request("/rooms", "send-message", { roomId: LARGE_EVENT })) === undefined) wire.cut();
    };
  });

/** Sends large events that no dialect has. */
const unknown: Attack = (aim) =>
  repeat(aim, async (wire) => {
    await wire.connect("/calls");
    return async () => {
      for (let i = 0; i < 10; i += 1) wire.emit("/calls", "no-such-event", LARGE_EVENT);
      await wire.request("/calls", "no-such-event", {});
    };
  });

/** Opens connections and closes them. */
const handshakes: Attack = async (aim) => {
  while (!aim.end.aborted) (await open(aim))?.cut();
};

/** Asks for figures, ICE servers and accounts. */
const requests: Attack = async (aim) => {
  const paths = ["/health", "/stats", "/metrics", "/api/ice-servers"];
  for (let i = 0; !aim.end.aborted; i += 1) {
    await get(`${aim.urls[i % aim.urls.length]}${paths[i % paths.length]}`, aim.address);
  }
};

function get(url: string, localAddress: string): Promise<void> {
  return new Promise((resolve) => {
    request(url, { localAddress }, (answer) => answer.resume().on("close", resolve))
      .on("error", () => resolve())
      .end();
  });
}

/** Everything that one client was seen to cost more than its share with, by name. */
export const attacks = {
  rejoin,
  toggle,
  away,
  sessions,
  connects,
  recoveries,
  refused,
  unknown,
  handshakes,
  requests,
} as const satisfies Record<string, Attack>;

export type AttackName = keyof typeof attacks;
