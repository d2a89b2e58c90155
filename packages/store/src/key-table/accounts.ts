import type { KeyDescriptions } from "./description.ts";

export const accountKeys = {
  account: {
    ids: ["<name in lower case>"],
    type: "hash",
    holds: "A registered user.",
    fields: {
      username: "the name as it was given",
      password: "the password's hash (argon2id, PHC form)",
      created: "when it was registered, Unix ms",
    },
    until: "For good.",
    scripts: ["account/register-account-1"],
    writers: "The node that is asked to register it.",
    read: "HMGET KEY username created",
  },
  secret: {
    ids: ["<name>"],
    type: "string",
    holds: "A secret that the nodes agreed on; `jwt`: what tokens are signed with where no `JWT_SECRET` is set.",
    until:
      "For good; who deletes it makes all tokens worthless once the nodes are started again. To change it, set `JWT_SECRET`, and this one in `JWT_SECRETS_ACCEPTED`.",
    scripts: [],
    writers: "The first node that starts without `JWT_SECRET` (`SET … NX`). Never in production.",
    read: "STRLEN KEY",
  },
} as const satisfies KeyDescriptions;
