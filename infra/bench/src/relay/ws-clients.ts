import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { WebSocket } from "ws";
import type { Candidate, Clients, Side } from "./side.ts";

const PATIENCE_MS = 60_000;

/** Bare WebSocket clients: each publishes to one channel and listens to the other. */
export const wsClients: Clients = {
  pair: async (firstUrl, secondUrl) => {
    const [there, back] = [randomUUID(), randomUUID()];
    return [await join(firstUrl, there, back), await join(secondUrl, back, there)];
  },
  idle: async (url) => {
    const connection = await connect(url);
    return { close: () => connection.terminate() };
  },
};

async function connect(url: string): Promise<WebSocket> {
  const connection = new WebSocket(url.replace("http:", "ws:"), {
    perMessageDeflate: false,
    handshakeTimeout: PATIENCE_MS,
  });
  await once(connection, "open");
  return connection;
}

async function join(url: string, outgoing: string, incoming: string): Promise<Side> {
  const connection = await connect(url);
  connection.send(`${outgoing} ${incoming}`);
  await once(connection, "message", { signal: AbortSignal.timeout(PATIENCE_MS) });
  let closing = false;
  return {
    send: (candidate) => connection.send(JSON.stringify({ event: "ice_candidate", candidate })),
    onCandidate: (listener) => {
      connection.removeAllListeners("message");
      connection.on("message", (frame: Buffer) => {
        listener((JSON.parse(frame.toString()) as { candidate: Candidate }).candidate);
      });
    },
    onFault: (listener) => {
      connection.on("close", (code) => closing || listener(`closed: ${code}`));
    },
    close: () => {
      closing = true;
      connection.terminate();
    },
  };
}
