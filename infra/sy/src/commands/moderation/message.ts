import { removeMessage, UnusableActionError } from "@switchyard/core";
import type { Command } from "../../command.ts";
import { OperatorError, UsageError } from "../../exit-code.ts";
import { byOption, NAMELESS } from "./described-ban.ts";

export const message: Command = {
  name: "message",
  operands: ["<rm>", "<room>", "<id>"],
  changes: () => true,
  summary: "Removes a message (`rm`) from a room or the chatroom, for everyone, the history included.",
  more:
    "The room is named as `sy rooms` and `sy report` name it; the chatroom is `chat:all`. Clients that are there are " +
    "sent the message's id, and those that come back or come later never receive its text. Reports keep it. Ends with 1 " +
    "where the room has no such message.",
  examples: [
    {
      call: 'sy message rm chat:all 1793276400000-17 --reason "Insults" --by max',
      description: "from the chatroom",
    },
    { call: 'sy message rm rooms:standup 1793276400000-0 --reason "Spam"', description: "from a meeting" },
  ],
  options: { reason: { value: "text", description: "why, for the audit log; needed" }, by: byOption },
  run: async ({ operands: [verb, room = "", id = ""], flags, open }) => {
    if (verb !== "rm") throw new UsageError("the first argument must be rm");
    const request = { room, id, reason: flags.need("reason"), by: flags.text("by") ?? NAMELESS };
    const { cluster } = await open();
    const removed = await removeMessage(cluster, request).catch((error: unknown) => {
      throw error instanceof UnusableActionError ? new UsageError(error.message) : error;
    });
    if (!removed) throw new OperatorError(`there is no message ${id} in ${room}`);
    return {
      document: { room, message: removed },
      text: `the message of user ${removed.user} is removed from ${room}`,
    };
  },
};
