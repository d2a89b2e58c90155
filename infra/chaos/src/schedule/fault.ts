/** The kinds of faults, and what each does to a cluster. */
export const faultKinds = {
  kill: "a node is killed (SIGKILL), and started again",
  stop: "a node stands still (SIGSTOP), and goes on",
  abandon: "a node stands still, its clients go on at others, and it goes on with what they had sent it",
  drain: "a node lets its clients go on at others and ends (SIGTERM), and is started again",
  "scale-up": "there is one node more for a while",
  "scale-down": "there is one node fewer for a while",
  "matchmaker-kill": "a matchmaker is killed, and started again",
  "redis-pause": "Redis answers nothing for a while",
  "redis-restart": "Redis ends, and is started again with its append-only file",
  failover: "the sentinels make a replica of Redis the master",
  cut: "all connections of a node's clients break",
  delay: "everything between a node and its clients is late",
  loss: "packets between a node and all others are lost",
  partition: "a node is cut from its clients",
  "partition-redis": "a node is cut from Redis",
} as const;

export type FaultKind = keyof typeof faultKinds;
export const faultNames = Object.keys(faultKinds) as FaultKind[];

/** A fault of a schedule. */
export interface Fault {
  readonly kind: FaultKind;
  /** From the begin of the faults. */
  readonly atMs: number;
  /** Of a fault that ends by itself: how long it lasts. */
  readonly lastsMs: number;
  /** Which of those that it can befall, from 0 to 1, exclusive: nobody knows beforehand how many there are. */
  readonly victim: number;
}

/** The one that a fault befalls; nothing where there is none. */
export function victimOf<Kind>(fault: Fault, all: readonly Kind[]): Kind | undefined {
  return all[Math.floor(fault.victim * all.length)];
}
