import { type Attack, atOnce } from "./attack-target.ts";
import { away, histories, offers, rejoin, toggle } from "./meeting-attacks.ts";
import {
  callers,
  connects,
  detached,
  handshakes,
  meetings,
  recoveries,
  refused,
  requests,
  sessions,
  tickets,
  unknown,
} from "./session-attacks.ts";

/** How many of them one client does at once where one of them alone would wait for answers most of the time. */
const PARALLEL = 4;

/** Everything that one client was seen to cost more than its share with, by name. */
export const attacks = {
  ...{ rejoin, toggle, away },
  histories: atOnce(PARALLEL, histories),
  offers: atOnce(PARALLEL, offers),
  sessions,
  meetings: atOnce(PARALLEL, meetings),
  tickets: atOnce(PARALLEL, tickets),
  detached: atOnce(PARALLEL, detached),
  callers: atOnce(PARALLEL, callers),
  ...{ connects, recoveries, refused, unknown, handshakes, requests },
} as const satisfies Record<string, Attack>;

export type AttackName = keyof typeof attacks;
