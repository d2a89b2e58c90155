import { keys } from "@switchyard/store";
import { type KeyDescription, keyTable } from "@switchyard/store/key-table";
import { code, page, table } from "./markdown.ts";

const intro = `\
# Privacy

This page says what is kept of a person, where, for how long, how it is erased, and how it is shown. The tables are generated from the code
by \`pnpm run docs\`; don't edit this page here, but \`infra/docs/src/privacy-page.ts\`.

All of it is in Redis. Nodes and matchmakers keep copies in memory while sessions last, and none on a disk. Their logs
name sessions, rooms and nodes, and nobody; nginx's log names addresses. Backups of Redis have what Redis had: delete them
in time, and after a restore remove again those accounts that were removed since.

A user id of a dialect other than \`chat\` comes from the client, or from the token of your own backend: whom it stands for, and
for how long that is kept, is known there.`;

const people = `\
## In short

| about                                             | how long                                                                                                           |
| ------------------------------------------------- | ------------------------------------------------------------------------------------------------------------------ |
| an account: name, hash of the password            | until it is removed                                                                                                |
| a message in the chatroom                         | \`CHAT_RETENTION_DAYS\` (30), as one of the last \`CHAT_MESSAGES_KEPT\`, and until its account is removed              |
| a message in a pair or a meeting                  | until the room ends; the last ones of a pair for another minute; in an empty meeting \`ROOM_LINGER_MS\`               |
| user id, profile, room, partner of now and the last one, offers, addresses | while the session lasts, and \`RECONNECT_GRACE_MS\` after its connection dropped                                     |
| whom a user met                                   | 30 minutes                                                                                                         |
| whom a user blocked                               | for good: a block that lapses would let the two meet again                                                         |
| attempts by name or address                       | until the limit's time is over: a minute to a day                                                                  |
| a ban                                             | until it ends or is lifted, also if its user's account is removed: else a banned user would come back by removing it |
| a report: its words, the room's last messages, the reported one's address | \`REPORT_RETENTION_DAYS\` (30), as one of the last \`REPORTS_KEPT\`, also if an account of either user is removed       |
| a message that an operator removes                | a minute longer than it is shown, until the removal is carried out once more; in reports as long as these           |
| what operators did                                | \`AUDIT_RETENTION_DAYS\` (365)                                                                                       |

## To be shown what is kept

- **The owner of an account:** the page's "Your account", or \`GET /api/account/export\` with the account's token: name, id, time of registration, sessions,
  all messages in the chatroom that are kept, bans that are in force. Reports by or about a user are not part of it, since they
  tell about others.
- **An operator** for somebody who asks otherwise: \`sy account export <name> --reason …\`, or
  \`POST /api/admin/accounts/<name>/export\`. The audit log has it.

## To be forgotten

- **The owner of an account:** the page's "Your account", or \`POST /api/account/delete\` with the account's token and its password.
- **An operator:** \`sy account rm <name> --reason …\`, or \`POST /api/admin/accounts/<name>/remove\`.

At once the account can't log in any longer, and its tokens are void; within a second its sessions end at every node. Once
the last of them has ended, within seconds, its messages are erased (or, with \`DELETED_ACCOUNT_MESSAGES=anonymise\`, stay
by \`[deleted]\`), and then what was counted by its name, its entry in the list of names, its password, and last what kept the
name taken. A process that dies on the way leaves a note, by which the sweep of the matchmakers finishes it. If a node died
that held one of its sessions, that takes until the sweep has ended this session.

Some things stay:

- The audit log names an account by a digest of its name, which \`sy account show\` prints as long as there is an account. Anybody
  who knows the name can compute it, and so see what was done: it is no name, and no proof of anonymity either.
- Reports by and about that user, with the messages that belong to them: they are evidence, and go after
  \`REPORT_RETENTION_DAYS\`. So does the number of its reports that were upheld; how many it made in a day goes after that day.
- Entries of the audit log about a ban, a report or a removed message: these name the users, without any text that they wrote.
- A ban of that user. Lift it, where nothing speaks for it any longer.
- Texts of others about it: texts are not searched for names.
- Events that were sent to others, in the outboxes of their sessions: until these have ended, or have received some hundreds of events more.
- A page that was open has shown its messages. They are not taken back there.

A user of another dialect has no account: its blocks stay under \`${keys.userBlocked("random", "<user>")}\` and
\`${keys.userBlockOrder("random", "<user>")}\` until an operator deletes both keys, and everything else goes by itself.

## Passwords

Kept as argon2id hashes under keys that operators' users of Redis can't read. A new password is compared with common ones
(\`PASSWORD_MIN_SCORE\`) in the node itself: nothing is sent to anybody.`;

/** `docs/privacy.md`: what is kept of people, from the table of all keys. */
export function privacyPage(): string {
  const described = Object.entries<KeyDescription>(keyTable).map(([name, entry]) => ({ name, ...entry }));
  const rows = described.flatMap(({ name, ids, personal, until }) =>
    personal === false ? [] : [[code(patternOf(name, ids)), personal, until]],
  );
  const others = described.flatMap(({ name, ids, personal }) =>
    personal === false ? [code(patternOf(name, ids))] : [],
  );
  return page(
    intro,
    people,
    "## Every key that holds something about a person",
    table(["key", "what", "until"], rows),
    `Nothing about a person is in ${others.join(", ")}, nor in BullMQ's keys.`,
  );
}

/** The name that the key's own function makes of placeholders. */
function patternOf(name: string, ids: readonly string[]): string {
  const make = keys[name as keyof typeof keys] as (...ids: readonly string[]) => string;
  return decodeURIComponent(make(...ids));
}
