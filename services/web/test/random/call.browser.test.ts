import { expect, test } from "vitest";
import type { Person } from "../browser/person.ts";
import { describeOnStage } from "../browser/stage.ts";

describeOnStage("two strangers", (stage) => {
  test("on two nodes, they are paired, see each other and talk; one goes on at the other's node, and leaves", async () => {
    const [one, two] = [await comes(), await comes()];
    const [first, second] = stage.cluster().nodes.map(({ id }) => id);
    expect([await one.read("own-node"), await two.read("own-node")]).toEqual([first, second]);
    for (const person of [one, two]) await person.press("start-video");
    expect(await one.known("room-id")).toBe(await two.known("room-id"));
    expect([await one.known("partner-node"), await two.known("partner-node")]).toEqual([second, first]);
    await Promise.all([one.playsVideos(1), two.playsVideos(1)]);
    await talk(one, two);

    two.movesTo(stage.cluster().node(0));
    await two.sees("recovered", "yes");
    await two.sees("own-node", first);
    await talk(two, one);
    await Promise.all([one.playsVideos(1), two.playsVideos(1)]);

    await two.sees("transport", "websocket"); // a page that is closed while it polls can't say goodbye
    await two.leave();
    await one.sees("status", "Your partner has left");
    await one.reports("report", "an insult, and gone");
    await one.seesNo("report");
    const [report] = await stage.cluster().store.reports.list("open", 1);
    expect(report).toMatchObject({ dialect: "random", category: "harassment", words: "an insult, and gone" });
  });

  const comes = (): Promise<Person> => stage.person("#/random", "own-node");
});

async function talk(one: Person, two: Person): Promise<void> {
  const [question, answer] = [`Hello, ${Math.random()}?`, `Yes, ${Math.random()}!`];
  await one.says(question);
  await two.sees("messages", question);
  await two.says(answer);
  await one.sees("messages", answer);
}
