import { setTimeout as wait } from "node:timers/promises";
import { endSession } from "@switchyard/core";
import type { SessionId } from "@switchyard/protocol";
import type { Command } from "../command.ts";
import { OperatorError } from "../exit-code.ts";
import type { Operator } from "../operator.ts";

const LOOK_EVERY_MS = 20;
/** A node is given two seconds to end the session itself; counted in looks, so that a machine that stood still is forgiven. */
const LOOKS = 100;
/** How often the session may go on elsewhere in the very moment in which it is to end. */
const ATTEMPTS = 5;

export const kick: Command = {
  name: "kick",
  changes: () => true,
  operands: ["<session>"],
  summary: "Ends a session for good and disconnects its client. Works for the session of a dead node too.",
  more:
    "A stock client does not reconnect by itself then, but its page may make it do so; to keep a user out, " +
    "refuse its token. Ends with 1 where there is no such session.",
  examples: [
    { call: "sy kick 5Pm0bWrtLA3FAbNoAAAB", description: "by the client's `socket.id`" },
    {
      call: "sy sessions --user anna --json | jq -r '.sessions[].id' | xargs -rn1 sy kick",
      description: "all of a user",
    },
  ],
  options: {},
  run: async ({ operands: [session = ""], open }) => {
    const operator = await open();
    const record = await operator.store.sessions.read(session);
    if (!record) throw new OperatorError(`there is no session ${session}`);
    const { state, node, dialect, user } = record;
    const asked = state === "live" && (await operator.store.nodes.order(node, { kick: session }));
    const byNode = asked && (await hasEnded(operator, session));
    if (!byNode) await end(operator, session);
    const by = byNode ? "its node" : "sy";
    return {
      document: { session, dialect: dialect || undefined, user, node, endedBy: byNode ? "node" : "sy" },
      text: `session ${session} has ended, by ${by}`,
    };
  },
};

async function hasEnded({ store }: Operator, session: SessionId): Promise<boolean> {
  for (let look = 0; look < LOOKS; look += 1) {
    if (!(await store.sessions.exists(session))) return true;
    await wait(LOOK_EVERY_MS);
  }
  return false;
}

/** In the place of its node. A node that still holds the connection finds the session ended: now, or when it runs again. */
async function end({ store, cluster }: Operator, session: SessionId): Promise<void> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const record = await store.sessions.read(session);
    if (!record) return;
    const body = await endSession(cluster, session, record.node, record.epoch);
    await store.nodes.order(record.node, { kick: session });
    if (body === undefined) return;
  }
  throw new OperatorError(`session ${session} goes from node to node; try again`);
}
