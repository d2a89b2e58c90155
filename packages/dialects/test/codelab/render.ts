import { relay, rooms } from "@switchyard/core";
import { nameOfRoom } from "@switchyard/protocol";
import { errorEvent } from "../../src/common-events.ts";
import type { Rendering, WireEvent } from "../../src/dialect.ts";

/** The features that it uses: it renders their events. */
export const features = [rooms, relay] as const;

/** How `codelab` puts them. The first one in a room calls: that stays so if another one is there before it is answered. */
export const render: Rendering<typeof features> = {
  welcomed: ({ room, self, members }) => {
    const name = nameOfRoom(room);
    const isFirst = members[0]?.session === self.session;
    const entry: WireEvent = [isFirst ? "created" : "joined", name, self.session];
    if (members.length === 1) return entry;
    return isFirst ? [entry, ["join", name], ["ready"]] : [entry, ["ready"]];
  },
  entered: ({ room }) => [["join", nameOfRoom(room)], ["ready"]],
  left: () => ["bye"],
  roster: () => undefined,
  departed: () => undefined,
  relayed: ({ body }) => ["message", body],
  replaced: ({ error }) => errorEvent(error),
  refused: ({ error, request }) =>
    error.code === "room_full" && request ? ["full", ...request.args] : errorEvent(error),
  shutdown: ({ message }) => ["server-shutdown", { message }],
};
