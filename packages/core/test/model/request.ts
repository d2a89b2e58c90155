import { type Context, join, leavePair, next, type Participant, stopWaiting } from "@switchyard/core";
import type { AckFields, Command } from "@switchyard/dialects";
import type { RoomId, UserId } from "@switchyard/protocol";
import { type SignalRequest, sendSignalOnce } from "./signal.ts";

/** What a client can ask for once it is connected. */
export type Request =
  | { readonly kind: "join"; readonly queue: string; readonly user: UserId; readonly interests: readonly string[] }
  | { readonly kind: "next" }
  | { readonly kind: "stop" }
  | { readonly kind: "leave"; readonly room: RoomId }
  | SignalRequest
  /** An event of the dialect, as a client sends it. */
  | {
      readonly kind: "event";
      readonly command: Command;
      readonly payload: unknown;
      readonly acknowledge: (fields: AckFields) => void;
    };

/** Does what the dialect's command would. */
export async function carryOut(context: Context, participant: Participant, request: Request): Promise<void> {
  switch (request.kind) {
    case "join": {
      const { queue, user, interests } = request;
      return join(context, participant, {
        queue,
        user,
        interests,
        language: undefined,
        region: undefined,
        avoid: [],
      });
    }
    case "next":
      return next(context, participant);
    case "stop":
      return stopWaiting(context, participant);
    case "leave":
      participant.pairIn(request.room);
      return leavePair(context, participant, request.room);
    case "signal":
      return sendSignalOnce(context, participant, request);
    case "event":
      request.acknowledge((await request.command.run(context, participant, [request.payload])) ?? {});
  }
}
