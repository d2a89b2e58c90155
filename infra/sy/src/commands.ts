import type { Command } from "./command.ts";
import { close } from "./commands/close.ts";
import { config } from "./commands/config.ts";
import { doctor } from "./commands/doctor.ts";
import { drain } from "./commands/drain.ts";
import { keyKinds } from "./commands/keys.ts";
import { kick } from "./commands/kick.ts";
import { queues } from "./commands/queues.ts";
import { room } from "./commands/room.ts";
import { rooms } from "./commands/rooms.ts";
import { session } from "./commands/session.ts";
import { sessions } from "./commands/sessions.ts";
import { status } from "./commands/status.ts";
import { token } from "./commands/token.ts";
import { top } from "./commands/top.ts";
import { facts } from "./table.ts";
import { usageOf } from "./usage.ts";

const help: Command = {
  name: "help",
  operands: ["[<command>]"],
  says: "Says what there is, or how a command is called.",
  options: {},
  run: async ({ operands: [name] }) => {
    const command = name === undefined ? undefined : commandNamed(name);
    const document = { commands: commands.map(({ name: one, operands, says }) => ({ name: one, operands, says })) };
    return { document, text: command ? usageOf(command) : overview() };
  },
};

/** Everything that `sy` can do. */
export const commands: readonly Command[] = [
  ...[status, top, rooms, room, sessions, session, queues, keyKinds],
  ...[doctor, drain, kick, close, token, config, help],
];

export function commandNamed(name: string): Command | undefined {
  return commands.find((command) => command.name === name);
}

function overview(): string {
  const lines = commands.map(({ name, operands, says }) => [`  ${[name, ...operands].join(" ")}`, says] as const);
  return [
    "sy looks after a Switchyard cluster.",
    facts(lines),
    "Each takes --json and --help. REDIS_URL says where Redis is: a server, servers of a cluster, or sentinels, with commas\nbetween them; without it, what `npm start` runs here is meant.",
    "Exit codes: 0 fine, 1 something is wrong or could not be done, 2 a call or settings that can't be used, 3 no Redis.",
  ].join("\n\n");
}
