import type { KeyDescriptions } from "./description.ts";

const node = ["<node>"];

export const nodeKeys = {
  leases: {
    ids: [],
    type: "sorted set",
    holds: "Every node by when its lease runs out, Unix ms. One in the past is dead and being cleared up after.",
    until: "Each entry until the node is dead and none of its sessions is left: the sweep removes it.",
    scripts: ["node/renew-lease-1", "node/forget-node-1"],
    writers: "Every node, three times in `LEASE_MS`; the sweep (`ZREM`).",
    read: "ZRANGE KEY 0 -1 WITHSCORES",
    sy: "sy status",
  },
  nodeInfo: {
    ids: node,
    type: "hash",
    holds: "What the node is.",
    fields: {
      service: "`signaling`",
      port: "the port it listens on",
      pid: "its process id on its machine",
      host: "that machine's name",
      version: "the version of the service",
      started: "when it started, Unix ms",
    },
    until: "With the node's lease.",
    scripts: [],
    writers: "The node at its start and with each renewal of its lease (`HSET`); the sweep (`DEL`).",
    read: "HGETALL KEY",
    sy: "sy status",
  },
  nodeSessions: {
    ids: node,
    type: "sorted set",
    holds:
      "The sessions that the node has to see to their end: 0 while it holds them, else when their grace is over, Unix ms.",
    until: "Each entry until its session has ended, or was found to have gone on at another node.",
    scripts: [],
    writers: "The node before it holds a session and when that drops (`ZADD`); whoever ends it (`ZREM`); the sweep.",
    read: "ZRANGE KEY 0 9 WITHSCORES",
    sy: "sy sessions --node <node>",
  },
  nodeProbe: {
    ids: node,
    type: "channel",
    holds: "What the node sends to itself to see whether messages arrive: a number.",
    until: "It is only passed on.",
    scripts: [],
    writers: "The node when it is asked for `/readyz` (`SPUBLISH`).",
    read: "SSUBSCRIBE KEY",
  },
  nodeControl: {
    ids: node,
    type: "channel",
    holds: 'What operators ask of the node, as JSON: `{"drain":true}`, or `{"kick":"<session>"}`.',
    until: "It is only passed on.",
    scripts: [],
    writers: "`sy drain`, `sy kick` (`SPUBLISH`).",
    read: "SSUBSCRIBE KEY",
  },
} as const satisfies KeyDescriptions;
