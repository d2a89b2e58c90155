import type { SocketNode } from "./socket-node.ts";

/** A front door before small real nodes. */
interface OpenProxy {
  readonly url: string;
  readonly nodes: readonly SocketNode[];
  /** Puts a node back where one has crashed. */
  revive(index: number): Promise<SocketNode>;
}

/** Opens one of the front doors that all have to behave the same. What it opened is closed by what it adds to `toClose`. */
export type OpenProxyWith = (nodes: number, toClose: (() => unknown)[]) => Promise<OpenProxy>;
