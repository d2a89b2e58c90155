import { callSteps, roomSignals, rooms } from "@switchyard/core";
import { nameOfRoom } from "@switchyard/protocol";
import { errorEvent } from "../common-events.ts";
import type { Rendering, WireEvent } from "../dialect.ts";

const steps = { ring: "incoming-call", accept: "call-accepted", reject: "call-rejected", end: "call-ended" } as const;
const DECLINED = "User declined";

/** The features that it uses: it renders their events. */
export const features = [rooms, roomSignals, callSteps] as const;

/** How `match` says things. */
export const render: Rendering<typeof features> = {
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
  roster: () => undefined,
  departed: () => undefined,
  "call-step": ({ from, step, reason }): WireEvent => [
    steps[step],
    step === "reject" ? { from, reason: reason ?? DECLINED } : { from },
  ],
  signal: ({ from, kind, body }) => [kind === "candidate" ? "ice-candidate" : kind, { [kind]: body, from }],
  replaced: ({ error }) => errorEvent(error),
  refused: ({ error }) => errorEvent(error),
  shutdown: ({ message }) => ["server-shutdown", { message }],
};
