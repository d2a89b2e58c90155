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
    until: "Until the account is removed.",
    personal: "the name, and the password's hash",
    scripts: [
      "account/register-account-2",
      "account/change-password-2",
      "account/set-password-2",
      "account/remove-account-2",
    ],
    writers:
      "The node that receives the registration or another password; `sy account passwd`; the process that removes the account.",
    read: "HMGET KEY username created",
  },
  accountState: {
    ids: ["<name in lower case>"],
    type: "hash",
    holds: "An account without its password: which of its tokens are valid, and whether it is being removed.",
    fields: {
      username: "the name as the user typed it",
      created: "when it was registered, Unix ms; missing for an account that an older version registered",
      tokens:
        "the id that its valid tokens carry (claim `account`); random, and another one after each change of the password",
      removing: "`erase` or `anonymise`: it is being removed, and that becomes of its messages",
      "v:<tokens>": "tokens with that id are void, and nodes may not have been notified yet; the value is empty",
    },
    until: "Until the account is removed, in the same step; the name is taken until then.",
    personal: "the name",
    scripts: [
      "account/register-account-2",
      "account/change-password-2",
      "account/void-tokens-1",
      "account/set-password-2",
      "account/remove-account-2",
    ],
    writers: "As for the account; nodes when one logs in that an older version registered (`HSET`, `HSETNX`).",
    read: "HGETALL KEY",
    sy: "sy account show <name>",
  },
  accountNames: {
    ids: [],
    type: "sorted set",
    holds: "The names of all accounts, by the time of their registration, Unix ms.",
    until: "Each entry until its account is removed.",
    personal: "the name",
    scripts: [],
    writers: "The node that receives a registration or a login (`ZADD`); the process that removes an account (`ZREM`).",
    read: "ZREVRANGE KEY 0 9 WITHSCORES",
    sy: "sy account list",
  },
  accountIntents: {
    ids: [],
    type: "sorted set",
    holds:
      "Intents: changes of accounts that are not done yet (`<name in lower case> <random>`), by the time at which it began, Unix ms.",
    until: "Each entry until that is done, by the process that began it or by the sweep.",
    personal: "the name",
    scripts: [],
    writers: "The process that registers, changes or removes an account; the sweep (`ZREM`).",
    read: "ZRANGE KEY 0 9 WITHSCORES",
  },
  accountVoids: {
    ids: [],
    type: "stream and channel",
    holds:
      "The tokens that have become void. On the channel of the same name nodes are notified that there are more; the message is empty.",
    fields: { t: "the id that these tokens carry" },
    until: "15 minutes after the last one (TTL); each entry for about as long.",
    personal: false,
    scripts: ["account/announce-voids-1"],
    writers: "The process that makes tokens void; the sweep where that one did not come so far.",
    read: "XREVRANGE KEY + - COUNT 10",
  },
  secret: {
    ids: ["<name>"],
    type: "string",
    holds: "A secret that all nodes share. `jwt`: the key that signs tokens if no `JWT_SECRET` is set.",
    until:
      "For good. If it is deleted, all tokens are invalid once the nodes are restarted. To change it, set `JWT_SECRET`, and add the old secret to `JWT_SECRETS_ACCEPTED`.",
    personal: false,
    scripts: [],
    writers: "The first node that starts without `JWT_SECRET` (`SET … NX`). Never in production.",
    read: "STRLEN KEY",
  },
} as const satisfies KeyDescriptions;
