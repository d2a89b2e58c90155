import { expect, test } from "vitest";
import { User } from "../../src/behaviour/user.ts";
import { readScenario } from "../../src/index.ts";
import { Stage } from "../../src/run/stage.ts";
import { TimerWheel } from "../../src/wire/timer-wheel.ts";
import { foundBy } from "./parties.ts";

/** What is found at the end of a run about a user that sent something at 0, and has been connected since then. */
function foundAbout({ connectedAt, endsAt }: { readonly connectedAt: number; readonly endsAt: number }) {
  let now = 0;
  const stage = new Stage(readScenario("patience: 10s\nmix: [{ behaviour: idle }]"), new TimerWheel(() => now));
  const user = new User(stage, 0, "http://127.0.0.1:1", "/");
  user.client.emit("message", {}, { event: "message", at: 0, number: 0, conversation: undefined });
  now = connectedAt;
  user.client.id = "session";
  user.onConnect(true);
  now = endsAt;
  user.end();
  return foundBy(stage.watch);
}

test("an answer that never came is found where the connection was there, and not where it has only just come back", () => {
  expect(foundAbout({ connectedAt: 1, endsAt: 12_000 })).toEqual(["unanswered"]);
  expect(foundAbout({ connectedAt: 11_000, endsAt: 12_000 })).toEqual([]);
});
