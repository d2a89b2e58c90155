import type { KeyDescriptions } from "./description.ts";

export const limitKeys = {
  limitOfUser: {
    ids: ["<limit>", "<dialect>", "<user>"],
    type: "string",
    holds:
      "Number of events counted for a user; `<limit>` is `costly`, `signal`, `free` or `ignored`. Nodes add their counts by twentieths of the allowance, so a user who sends few events has no key.",
    until: "`RATE_LIMIT_DURATION` after its first event (TTL).",
    personal: "the user",
    scripts: [],
    writers: "The nodes that the user is connected to, by rate-limiter-flexible's script (`INCRBY`).",
    read: "GET KEY",
  },
  limitOf: {
    ids: ["<limit>", "<subject>"],
    type: "string",
    holds:
      "Number of other things counted. `costly`, `signal`, `free` and `ignored`: events of a session that has no user yet; with `address-` before it: events from an address. `connect`: sessions that began by a user's tokens. `address-connect` and `address-refused`: connects and refused events from an address. `http`, `figures` and `create-room`: requests to `/api`, requests for figures, and meetings created, from an address. `register` and `login`: attempts from an address; `register-name` and `login-tries`: attempts with a name, or from a known device (`device <random>`); `login-block`: exists while none is allowed; `account`: uses of an account by its owner.",
    until:
      "With its limit's duration (TTL), see `docs/limits.md`; `login-tries` and `login-block` also end when the name logs in. Those of a name go with its account.",
    personal: "a user, an address or a network, or a name with which somebody tried to log in or to register",
    scripts: [],
    writers: "Any node, by rate-limiter-flexible's script (`INCRBY`).",
    read: "GET KEY",
  },
  addressConnections: {
    ids: ["<address>"],
    type: "hash",
    holds: "Number of connections of an address at each node that holds more of them than a twentieth of the limit.",
    fields: { "<node>": "`<count>:<until>`: the count, and the Unix time in ms at which it lapses" },
    until: "`LEASE_MS` after the last write of a node that counts it (TTL).",
    personal: "the address",
    scripts: [],
    writers: "Such nodes at every handshake from the address, and three times in `LEASE_MS`.",
    read: "HGETALL KEY",
  },
} as const satisfies KeyDescriptions;
