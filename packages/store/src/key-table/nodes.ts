import type { KeyDescriptions } from "./description.ts";

const node = ["<node>"];

export const nodeKeys = {
  leases: {
    ids: [],
    type: "sorted set",
    holds:
      "Every node by the end of its lease, Unix ms. A node whose lease has ended is dead and is being cleared up after.",
    until: "Each entry until the node is dead and none of its sessions is left: the sweep removes it.",
    personal: false,
    scripts: ["node/renew-lease-1", "node/forget-node-1", "node/list-node-1"],
    writers: "Every node, three times in `LEASE_MS`; the sweep (`ZREM`).",
    read: "ZRANGE KEY 0 -1 WITHSCORES",
    sy: "sy status",
  },
  nodeInfo: {
    ids: node,
    type: "hash",
    holds: "A description of the node.",
    fields: {
      service: "`signaling`",
      port: "the port on which it listens",
      addresses: "where other nodes reach that port: `host:port`, separated by commas",
      pid: "its process id on its machine",
      host: "that machine's name",
      version: "the version of the service",
      started: "when it started, Unix ms",
      noticeMs:
        "its `PING_INTERVAL_MS` and `PING_TIMEOUT_MS` together: in so many ms a client of it notices that it is gone",
    },
    until: "With the node's lease.",
    personal: false,
    scripts: ["node/describe-node-1"],
    writers: "The node at its start and with each renewal of its lease; the sweep (`DEL`).",
    read: "HGETALL KEY",
    sy: "sy status",
  },
  nodeSessions: {
    ids: node,
    type: "sorted set",
    holds: "The sessions that the node has to end: 0 while it holds them, else the end of their grace, Unix ms.",
    until: "Each entry until its session has ended, or is found to have been resumed at another node.",
    personal: false,
    scripts: ["node/hold-session-1"],
    writers:
      "The node before it holds a session, and when the session drops; the process that ends the session (`ZREM`); the sweep.",
    read: "ZRANGE KEY 0 9 WITHSCORES",
    sy: "sy sessions --node <node>",
  },
  nodeProbe: {
    ids: node,
    type: "channel",
    holds: "A number that the node publishes to itself to check that messages arrive.",
    until: "It is not stored.",
    personal: false,
    scripts: [],
    writers: "The node, on a request for `/readyz` (`SPUBLISH`).",
    read: "SSUBSCRIBE KEY",
  },
  nodeControl: {
    ids: node,
    type: "channel",
    holds: 'Orders of operators to the node, as JSON: `{"drain":true}`, or `{"kick":"<session>"}`.',
    until: "It is not stored.",
    personal: false,
    scripts: [],
    writers: "`sy drain`, `sy kick` (`SPUBLISH`).",
    read: "SSUBSCRIBE KEY",
  },
} as const satisfies KeyDescriptions;
