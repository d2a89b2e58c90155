import { CommandError, connect } from "@switchyard/client";
import { random } from "@switchyard/client/random";

const [server = "http://localhost:3000"] = process.argv.slice(2);
const bot = connect(server, { dialect: random, userId: `bot-${process.pid}`, type: "chat" });

/** A partner may leave at any moment: what was meant for it is then refused, and nothing is lost. */
async function attempt(command) {
  try {
    await command;
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    console.log(`refused: ${error.code}`);
  }
}

const say = (message) => attempt(bot.send("send_message", { message }));

bot.on("partner_found", ({ partnerId }) => {
  console.log(`met ${partnerId}`);
  say("Hello! I am a bot. Tell me something, and I say it backwards.");
});
bot.on("new_message", ({ text }) => say([...text].reverse().join("")));
bot.on("partner_disconnected", () => attempt(bot.send("next")));

bot.state.subscribe(() => {
  const { status, missed, error } = bot.state.get();
  console.log(status, missed ? "(in a new session)" : "", error?.code ?? "");
});

for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => bot.close());
