import { nameOfRoom } from "@switchyard/protocol";
import { errorEvent } from "../common-events.ts";
import type { Rendering, WireEvent } from "../dialect.ts";

const steps = { ring: "incoming-call", accept: "call-accepted", reject: "call-rejected", end: "call-ended" } as const;
const DECLINED = "User declined";

/** How `match` says things. */
export const render: Rendering = {
  waiting: null,
  paired: null,
  "partner-left": null,
  said: null,
  typing: null,
  welcomed: ({ room, self, members }) => [
    "joined",
    {
      matchId: nameOfRoom(room),
      userId: self.user,
      participants: members.map(({ user }) => user),
      participantCount: members.length,
    },
  ],
  entered: ({ member, members }) => ["user-joined", { userId: member.user, participantCount: members.length }],
  left: ({ member }) => ["user-left", { userId: member.user }],
  roster: null,
  flagged: null,
  departed: null,
  "call-step": ({ from, step, reason }): WireEvent => [
    steps[step],
    step === "reject" ? { from, reason: reason ?? DECLINED } : { from },
  ],
  invited: null,
  "answered-elsewhere": null,
  came: null,
  went: null,
  online: null,
  names: null,
  history: null,
  signal: ({ from, kind, body }) => [kind === "candidate" ? "ice-candidate" : kind, { [kind]: body, from }],
  population: null,
  replaced: ({ error }) => errorEvent(error),
  refused: ({ error }) => errorEvent(error),
  shutdown: ({ message }) => ["server-shutdown", { message }],
};
