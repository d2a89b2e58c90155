import { randomUUID } from "node:crypto";
import { request } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { type Attack, LARGE_BODY, LONG_NAME, open, repeat, TRY_AGAIN_MS } from "./attack-target.ts";

/** One session after the other over one connection, each of which uses what it is allowed. */
export const sessions: Attack = (attacked) =>
  repeat(attacked, async (wire) => async () => {
    if (!(await wire.connect("/random"))) return pause(TRY_AGAIN_MS);
    await wire.request("/random", "join", { userId: randomUUID(), type: "video", interests: ["a".repeat(40)] });
    for (let i = 0; i < 20; i += 1) await wire.request("/random", "next", {});
    wire.disconnect("/random");
  });

/** Two users with the longest ids, who meet others again and again: whom one has met is remembered. */
export const meetings: Attack = (attacked) =>
  repeat(attacked, async (wire) => async () => {
    if (!(await wire.connect("/random"))) return pause(TRY_AGAIN_MS);
    const userId = `${randomUUID()}${"\u20ac".repeat(92)}`;
    const joined = await wire.request("/random", "join", { userId, type: "video" });
    for (let i = 0; joined?.ok && i < 5; i += 1) {
      await pause(TRY_AGAIN_MS);
      await wire.request("/random", "next", {});
    }
    wire.disconnect("/random");
  });

/** Waits with as many preferences as there may be, and is gone: session and ticket stay for the grace. */
export const tickets: Attack = async (attacked) => {
  const avoid = Array.from({ length: 80 }, () => "\u20ac".repeat(32) + randomUUID().slice(0, 4));
  while (!attacked.end.aborted) {
    const wire = await open(attacked);
    if (!(await wire?.connect("/random"))) {
      wire?.cut();
      continue;
    }
    const preferences = { interests: Array.from({ length: 10 }, (_, i) => `${i}${"\u20ac".repeat(100)}`), avoid };
    await wire?.request("/random", "join", { userId: randomUUID(), type: "video", preferences });
    wire?.cut();
  }
};

/** Connects to all namespaces, and is gone: the sessions stay for the grace. */
export const detached: Attack = async (attacked) => {
  while (!attacked.end.aborted) {
    const wire = await open(attacked);
    await Promise.all(["/random", "/rooms", "/calls", "/match"].map((namespace) => wire?.connect(namespace)));
    wire?.cut();
  }
};

/** Comes online with a long name, calls others, and is gone. */
export const callers: Attack = async (attacked) => {
  while (!attacked.end.aborted) {
    const wire = await open(attacked);
    if (!(await wire?.connect("/calls"))) {
      wire?.cut();
      continue;
    }
    const id = `${randomUUID()}${"\u20ac".repeat(92)}`;
    await wire?.request("/calls", "user-joined", { id, username: LONG_NAME, joinedAt: "\u20ac".repeat(128) });
    await wire?.request("/calls", "start-call", { id: "\u20ac".repeat(128), participants: [id], isVideo: true });
    wire?.cut();
  }
};

/** Connects to namespaces and disconnects from them. */
export const connects: Attack = (attacked) =>
  repeat(attacked, async (wire) => async () => {
    for (const namespace of ["/rooms", "/calls", "/match"]) {
      if (await wire.connect(namespace)) wire.disconnect(namespace);
      else await pause(TRY_AGAIN_MS);
    }
  });

/** Wants to recover sessions that never were. */
export const recoveries: Attack = (attacked) =>
  repeat(attacked, async (wire) => async () => {
    const isIn = await wire.connect("/random", { pid: randomUUID(), offset: "1-1" });
    if (isIn) wire.disconnect("/random");
    else await pause(TRY_AGAIN_MS);
  });

/** Sends large events that are refused. */
export const refused: Attack = (attacked) =>
  repeat(attacked, async (wire) => {
    await wire.connect("/rooms");
    return async () => {
      if ((await wire.request("/rooms", "send-message", { roomId: LARGE_BODY })) === undefined) wire.cut();
    };
  });

/** Sends large events that no dialect has. */
export const unknown: Attack = (attacked) =>
  repeat(attacked, async (wire) => {
    await wire.connect("/calls");
    return async () => {
      for (let i = 0; i < 10; i += 1) wire.emit("/calls", "no-such-event", LARGE_BODY);
      await wire.request("/calls", "no-such-event", {});
    };
  });

/** Opens connections and closes them. */
export const handshakes: Attack = async (attacked) => {
  while (!attacked.end.aborted) (await open(attacked))?.cut();
};

/** Asks for figures, ICE servers and accounts. */
export const requests: Attack = async (attacked) => {
  const paths = ["/health", "/stats", "/metrics", "/api/ice-servers"];
  for (let i = 0; !attacked.end.aborted; i += 1) {
    await get(`${attacked.urls[i % attacked.urls.length]}${paths[i % paths.length]}`, attacked.address);
  }
};

function get(url: string, localAddress: string): Promise<void> {
  return new Promise((resolve) => {
    request(url, { localAddress }, (answer) => answer.resume().on("close", resolve))
      .on("error", () => resolve())
      .end();
  });
}
