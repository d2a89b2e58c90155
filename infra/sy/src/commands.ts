import type { Command } from "./command.ts";
import { notify } from "./commands/application/notify.ts";
import { chaos } from "./commands/chaos.ts";
import { close } from "./commands/close.ts";
import { config } from "./commands/config.ts";
import { doctor } from "./commands/doctor.ts";
import { drain } from "./commands/drain.ts";
import { keyKinds } from "./commands/keys.ts";
import { kick } from "./commands/kick.ts";
import { load } from "./commands/load.ts";
import { account } from "./commands/moderation/account.ts";
import { audit } from "./commands/moderation/audit.ts";
import { ban, mute, shadow } from "./commands/moderation/ban.ts";
import { bans } from "./commands/moderation/bans.ts";
import { message } from "./commands/moderation/message.ts";
import { report, resolve } from "./commands/moderation/report.ts";
import { reports } from "./commands/moderation/reports.ts";
import { unban } from "./commands/moderation/unban.ts";
import { queues } from "./commands/queues.ts";
import { room } from "./commands/room.ts";
import { rooms } from "./commands/rooms.ts";
import { session } from "./commands/session.ts";
import { sessions } from "./commands/sessions.ts";
import { status } from "./commands/status.ts";
import { token } from "./commands/token.ts";
import { top } from "./commands/top.ts";
import { UsageError } from "./exit-code.ts";
import { helpOf } from "./program.ts";

const help: Command = {
  name: "help",
  operands: ["[<command>]"],
  isWithoutRedis: true,
  summary: "Lists the commands, or describes one.",
  more: "With --json, the same as a document.",
  examples: [{ call: "sy help doctor", description: "all about one command" }],
  options: {},
  run: async ({ operands: [name] }) => {
    if (name === undefined) return { document: { commands: commands.map(describe) }, text: helpOf(commands) };
    return { document: describe(commandNamed(name)), text: helpOf(commands, name) };
  },
};

/** Everything that `sy` can do. */
export const commands: readonly Command[] = [
  status,
  top,
  rooms,
  room,
  sessions,
  session,
  queues,
  keyKinds,
  doctor,
  drain,
  kick,
  close,
  ban,
  mute,
  shadow,
  unban,
  bans,
  reports,
  report,
  resolve,
  message,
  notify,
  account,
  audit,
  token,
  config,
  load,
  chaos,
  help,
];

/** @throws UsageError if there is none */
export function commandNamed(name: string): Command {
  const command = commands.find((one) => one.name === name);
  if (command) return command;
  throw new UsageError(`there is no command "${name}"; there are ${commands.map((one) => one.name).join(", ")}`);
}

function describe({ name, operands, summary, more, options, examples }: Command) {
  return { name, operands, says: summary, more, options, examples };
}
