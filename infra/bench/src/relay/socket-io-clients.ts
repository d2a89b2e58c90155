import { randomUUID } from "node:crypto";
import { connect, sideOf } from "./dialect-clients.ts";
import type { Clients } from "./side.ts";

const PATIENCE_MS = 60_000;

/** Stock clients of the baselines: both join a room by its name. */
export const socketIoClients: Clients = {
  pair: async (firstUrl, secondUrl) => {
    const roomId = randomUUID();
    const sockets = [await connect(firstUrl), await connect(secondUrl)] as const;
    await Promise.all(sockets.map((socket) => socket.timeout(PATIENCE_MS).emitWithAck("join", roomId)));
    return [sideOf(sockets[0], "ice_candidate", { roomId }), sideOf(sockets[1], "ice_candidate", { roomId })];
  },
  idle: (url) => connect(url),
};
