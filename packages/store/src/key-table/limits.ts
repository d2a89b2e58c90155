import type { KeyDescriptions } from "./description.ts";

export const limitKeys = {
  limitOfUser: {
    ids: ["<limit>", "<dialect>", "<user>"],
    type: "string",
    holds:
      "How many events of a user were counted, `<limit>` being `costly`, `signal` or `free`. Nodes add theirs by twentieths of the allowance, so who sends little has no key.",
    until: "`RATE_LIMIT_DURATION` after its first event (TTL).",
    scripts: [],
    writers: "The nodes that the user is connected to, by rate-limiter-flexible's script (`INCRBY`).",
    read: "GET KEY",
  },
  limitOf: {
    ids: ["<limit>", "<subject>"],
    type: "string",
    holds:
      "How much was counted of something else. `costly`, `signal` and `free`: events of a session that has not said yet who it is. `http`: requests to `/api` from an address. `register` and `login`: attempts from an address; `register-name` and `login-tries`: attempts with a name; `login-block`: there while no attempt with a name is allowed.",
    until:
      "With its limit's duration (TTL), `docs/limits.md` says which; `login-tries` and `login-block` also until the name logs in.",
    scripts: [],
    writers: "Any node, by rate-limiter-flexible's script (`INCRBY`).",
    read: "GET KEY",
  },
  addressConnections: {
    ids: ["<address>"],
    type: "hash",
    holds: "How many connections an address has at each node that holds more of them than a twentieth of the limit.",
    fields: { "<node>": "`<count>:<until>`: until when that counts, Unix ms" },
    until: "`LEASE_MS` after the last node that counts it has said so (TTL).",
    scripts: [],
    writers: "Such nodes at every handshake from the address, and three times in `LEASE_MS`.",
    read: "HGETALL KEY",
  },
} as const satisfies KeyDescriptions;
