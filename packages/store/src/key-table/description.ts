import type { keys } from "../keys.ts";

/** The description of one kind of key. */
export interface KeyDescription {
  /** The ids in the key's name, in the order of its function's parameters in `keys.ts`. */
  readonly ids: readonly string[];
  readonly type: "hash" | "stream" | "sorted set" | "set" | "string" | "channel" | "stream and channel";
  readonly holds: string;
  readonly fields?: Readonly<Record<string, string>>;
  /** The key's lifetime, and the process that removes it. */
  readonly until: string;
  /** The part of it that is about a person, for `docs/privacy.md`; `false`: nothing is, beside ids of sessions, which are random. */
  readonly personal: string | false;
  /** The files of `lua/` that write it or publish on it. */
  readonly scripts: readonly string[];
  /** The processes that write it, and when. */
  readonly writers: string;
  /** The redis-cli command that shows it; `KEY` stands for its name. */
  readonly read: string;
  /** The operators' command that prints the same and more, if there is one. */
  readonly sy?: string;
}

/** Descriptions of some of the keys; `<…>` stands for an id. */
export type KeyDescriptions = Partial<Record<keyof typeof keys, KeyDescription>>;
