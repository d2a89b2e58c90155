import type { SocketNode } from "./socket-node.ts";

/** A reverse proxy before small real nodes. */
interface OpenProxy {
  readonly url: string;
  readonly nodes: readonly SocketNode[];
  /** Puts a node back where one has crashed. */
  revive(index: number): Promise<SocketNode>;
}

/** Opens one of the reverse proxies that all have to behave the same, and adds to `toClose` the functions that close it. */
export type OpenProxyWith = (nodes: number, toClose: (() => unknown)[]) => Promise<OpenProxy>;
