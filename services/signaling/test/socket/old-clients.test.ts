import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { startCluster, type TestCluster, until } from "@switchyard/testkit";
import { beforeAll, expect, test } from "vitest";
import { WebSocket } from "ws";
import { patient } from "../patient.ts";

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster({ nodes: 1, matchmakers: 0, environment: { ...patient, MAX_CONNECTIONS_PER_IP: 10 } });
  return cluster.stop;
});

const REFUSAL = { code: 5, message: "Unsupported protocol version" };

async function overWebSocket(query: string): Promise<[status: number | undefined, body: unknown]> {
  const socket = new WebSocket(`${cluster.node(0).url.replace("http", "ws")}/socket.io/?${query}`);
  socket.on("error", () => {});
  const [, answer] = (await once(socket, "unexpected-response")) as [unknown, IncomingMessage];
  return [answer.statusCode, JSON.parse(Buffer.concat(await answer.toArray()).toString())];
}

test("clients of Socket.IO 1 and 2 are refused over a WebSocket as by polling, and the log says so once", async () => {
  const polled = await fetch(`${cluster.node(0).url}/socket.io/?EIO=3&transport=polling`);
  expect([polled.status, await polled.json()]).toEqual([400, REFUSAL]);
  for (const query of ["EIO=3&transport=websocket", "transport=websocket", "EIO=2&transport=websocket&b64=1"]) {
    expect(await overWebSocket(query), query).toEqual([400, REFUSAL]);
  }
  // none of them holds one of the address's places
  for (let i = 0; i < 20; i += 1) await overWebSocket("EIO=3&transport=websocket");
  expect((await cluster.connect(0)).socket.connected).toBe(true);
  const refused = 'switchyard_transport_refusals_total\\{reason="unsupported_protocol".*\\}';
  await until("all to be counted", async () => (await cluster.node(0).metric(refused)) === 24);
  const lines = cluster
    .node(0)
    .logs()
    .filter(({ msg }) => msg.includes("Socket.IO 1 or 2"));
  expect(lines).toHaveLength(1);
});
