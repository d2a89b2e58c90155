import { accountKeys } from "./key-table/accounts.ts";
import type { KeyDescription } from "./key-table/description.ts";
import { limitKeys } from "./key-table/limits.ts";
import { moderationKeys } from "./key-table/moderation.ts";
import { nodeKeys } from "./key-table/nodes.ts";
import { noticeKeys } from "./key-table/notices.ts";
import { presenceKeys } from "./key-table/presence.ts";
import { queueKeys } from "./key-table/queues.ts";
import { reportKeys } from "./key-table/reports.ts";
import { roomKeys } from "./key-table/rooms.ts";
import { sessionKeys } from "./key-table/sessions.ts";
import { userKeys } from "./key-table/users.ts";
import type { keys } from "./keys.ts";

export type { KeyDescription };

/**
 * The description of every kind of key: the source of `docs/keys.md`. A new key does not compile until it is described.
 */
export const keyTable = {
  ...sessionKeys,
  ...roomKeys,
  ...queueKeys,
  ...presenceKeys,
  ...userKeys,
  ...accountKeys,
  ...limitKeys,
  ...moderationKeys,
  ...reportKeys,
  ...noticeKeys,
  ...nodeKeys,
} as const satisfies Record<keyof typeof keys, KeyDescription>;
