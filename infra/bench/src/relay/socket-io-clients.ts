import { randomUUID } from "node:crypto";
import { io, type Socket } from "socket.io-client";
import type { Candidate } from "./candidate.ts";
import type { Clients, Side } from "./side.ts";

const PATIENCE_MS = 10_000;

/** Stock clients of the baselines: both join a room by its name. */
export const socketIoClients: Clients = {
  pair: async (firstUrl, secondUrl) => {
    const roomId = randomUUID();
    const sockets = [await connect(firstUrl), await connect(secondUrl)] as const;
    await Promise.all(sockets.map((socket) => socket.timeout(PATIENCE_MS).emitWithAck("join", roomId)));
    return [sideOf(sockets[0], roomId), sideOf(sockets[1], roomId)];
  },
  idle: connect,
};

/** Stock clients of Switchyard's `random` dialect: both queue, and are paired because nobody else does meanwhile. */
export const switchyardClients: Clients = {
  pair: async (firstUrl, secondUrl) => {
    const sockets = [await connect(`${firstUrl}/random`), await connect(`${secondUrl}/random`)] as const;
    const rooms = await Promise.all(sockets.map(joinQueue));
    if (rooms[0] !== rooms[1]) throw new Error(`paired with others: rooms ${rooms.join(" and ")}`);
    return [sideOf(sockets[0], rooms[0] ?? ""), sideOf(sockets[1], rooms[0] ?? "")];
  },
  idle: (url) => connect(`${url}/random`),
};

function connect(url: string): Promise<Socket> {
  const socket = io(url, { transports: ["websocket"], multiplex: false, reconnection: false, timeout: PATIENCE_MS });
  return new Promise((resolve, reject) => {
    socket.once("connect", () => resolve(socket));
    socket.once("connect_error", reject);
    socket.once("disconnect", (reason) => reject(new Error(`disconnected: ${reason}`)));
  });
}

function joinQueue(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    const impatience = setTimeout(() => reject(new Error("no partner_found")), PATIENCE_MS);
    socket.once("error", ({ message }: { message: string }) => reject(new Error(`join was refused: ${message}`)));
    socket.once("partner_found", ({ roomId }: { roomId: string }) => {
      clearTimeout(impatience);
      resolve(roomId);
    });
    socket.emit("join", { userId: randomUUID(), type: "video" });
  });
}

function sideOf(socket: Socket, roomId: string): Side {
  let closing = false;
  return {
    send: (candidate) => socket.emit("ice_candidate", { roomId, candidate }),
    onCandidate: (listener) => {
      socket.off("ice_candidate");
      socket.on("ice_candidate", ({ candidate }: { candidate: Candidate }) => listener(candidate));
    },
    onFault: (listener) => {
      socket.on("error", (refusal: unknown) => listener(`error event: ${JSON.stringify(refusal)}`));
      socket.on("partner_disconnected", () => listener("partner_disconnected"));
      socket.on("disconnect", (reason) => closing || listener(`disconnected: ${reason}`));
    },
    close: () => {
      closing = true;
      socket.disconnect();
    },
  };
}
