import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { readSignalingConfig } from "../../src/config.ts";
import { isOnlyOne } from "../../src/lifecycle/isolation.ts";
import { addressesOf, askNeighbour } from "../../src/lifecycle/neighbours.ts";

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  onTestFinished(() => void server.close());
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const node = "a-node";
const answering = (status: number, body: string) => serve((_, response) => response.writeHead(status).end(body));
const answersOf = (...addresses: string[]) => askNeighbour({ node, addresses });

test("another node says whether it is ready, at any of its addresses", async () => {
  const ready = await answering(200, JSON.stringify({ node }));
  const not = await answering(503, JSON.stringify({ node }));
  const gone = "127.0.0.1:1";
  expect(await answersOf(ready)).toBe("ready");
  expect(await answersOf(gone, ready)).toBe("ready");
  expect(await answersOf(gone, not)).toBe("not ready");
  expect(await answersOf(gone)).toBe("silent");
  expect(await answersOf()).toBe("silent");
});

test("what is not that node is not believed, and not followed", async () => {
  let followed = 0;
  const elsewhere = await serve((_, response) => {
    followed += 1;
    response.end(JSON.stringify({ node }));
  });
  const leading = await serve((_, response) => response.writeHead(302, { location: `http://${elsewhere}/` }).end());
  for (const address of [
    await answering(200, JSON.stringify({ node: "another" })),
    await answering(200, "not JSON"),
    leading,
    `user@${elsewhere}`,
    `${elsewhere}/path?`,
  ])
    expect.soft(await answersOf(address), address).toBe("silent");
  expect(followed).toBe(0);
});

test("a node says where it is reached: as it was told, or at the addresses of its machine", () => {
  const addresses = (settings: Record<string, string>) => addressesOf(readSignalingConfig(settings), 3001);
  expect(addresses({ NODE_ADDRESS: "10.1.2.3" })).toEqual(["10.1.2.3:3001"]);
  expect(addresses({ NODE_ADDRESS: "a.example:80" })).toEqual(["a.example:80"]);
  expect(addresses({ NODE_ADDRESS: "[fd00::1]" })).toEqual(["[fd00::1]:3001"]);
  expect(addresses({ HOST: "127.0.0.1" })).toEqual(["127.0.0.1:3001"]);
  expect(addresses({ HOST: "::1" })).toEqual(["[::1]:3001"]);
  const found = addresses({});
  expect(found.length).toBeGreaterThan(0);
  expect(found.filter((address) => !/^(\[[\da-f:]+\]|[\d.]+):3001$/.test(address))).toEqual([]);
  expect(() => readSignalingConfig({ NODE_ADDRESS: "http://a.example" })).toThrow(/NODE_ADDRESS/);
});

test("a node is the only one that can't reach Redis if another one can, or none is reached; if it knows none, it is not", () => {
  expect(isOnlyOne(["silent", "not ready", "ready"])).toBe(true);
  expect(isOnlyOne(["silent", "silent"])).toBe(true);
  expect(isOnlyOne(["silent", "not ready"])).toBe(false);
  expect(isOnlyOne([])).toBe(false);
});
