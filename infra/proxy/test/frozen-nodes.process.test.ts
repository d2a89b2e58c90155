import { describe, expect } from "vitest";
import { ReverseProxy } from "../src/reverse-proxy.ts";
import { describeFrozenNodes, type OpenBefore } from "./frozen-nodes.ts";

const openBefore: OpenBefore = async (nodes, toClose) => {
  const proxy = new ReverseProxy({ nodes, nodeTimeoutMs: 10_000, log: (text) => expect.fail(text) });
  toClose.push(() => proxy.close());
  return `http://127.0.0.1:${await proxy.listen(0, "127.0.0.1")}`;
};

describe("as any front door: a node stands still", () => describeFrozenNodes(() => "127.0.0.1", openBefore));
