import type { KeyDescriptions } from "./description.ts";

export const accountKeys = {
  account: {
    ids: ["<name in lower case>"],
    type: "hash",
    holds: "A registered user.",
    fields: {
      username: "the name as the user typed it",
      password: "the password's hash (argon2id, PHC form)",
      created: "when it was registered, Unix ms",
    },
    until: "For good.",
    scripts: ["account/register-account-1"],
    writers: "The node that receives the registration.",
    read: "HMGET KEY username created",
  },
  secret: {
    ids: ["<name>"],
    type: "string",
    holds: "A secret that all nodes share. `jwt`: the key that signs tokens if no `JWT_SECRET` is set.",
    until:
      "For good. If it is deleted, all tokens are invalid once the nodes are restarted. To change it, set `JWT_SECRET`, and add the old secret to `JWT_SECRETS_ACCEPTED`.",
    scripts: [],
    writers: "The first node that starts without `JWT_SECRET` (`SET … NX`). Never in production.",
    read: "STRLEN KEY",
  },
} as const satisfies KeyDescriptions;
