import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { WebSocket, WebSocketServer } from "ws";

/** Makes none, one or several frames of a frame. Connections are numbered. */
export type Tamper = (frame: string, connection: number) => readonly string[];

export interface FrameProxy {
  readonly url: string;
  /** Frames to clients go through the one, and frames from clients through the other. */
  toClients: Tamper;
  fromClients: Tamper;
  close(): Promise<void>;
}

/** A proxy for WebSockets between clients and a node that reads every frame. */
export async function openFrameProxy(target: string): Promise<FrameProxy> {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1", perMessageDeflate: false });
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const proxy: FrameProxy = {
    url: `http://127.0.0.1:${port}`,
    toClients: (frame) => [frame],
    fromClients: (frame) => [frame],
    close: async () => {
      for (const client of server.clients) client.terminate();
      server.close();
      await once(server, "close");
    },
  };
  let connections = 0;
  server.on("connection", (client, { url }) => {
    connections += 1;
    const connection = connections;
    const node = new WebSocket(`${target.replace("http", "ws")}${url}`, { perMessageDeflate: false });
    const early: string[] = [];
    client.on("message", (data) => {
      for (const frame of proxy.fromClients(String(data), connection)) {
        if (node.readyState === WebSocket.OPEN) node.send(frame);
        else early.push(frame);
      }
    });
    node.on("open", () => {
      for (const frame of early) node.send(frame);
    });
    node.on("message", (data) => {
      for (const frame of proxy.toClients(String(data), connection)) client.send(frame);
    });
    for (const [one, other] of [
      [client, node],
      [node, client],
    ] as const) {
      one.on("error", () => {}); // its close is what counts
      one.on("close", () => other.terminate());
    }
  });
  return proxy;
}
