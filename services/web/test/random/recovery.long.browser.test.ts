import { expect, test } from "vitest";
import type { Person } from "../browser/person.ts";
import { describeOnProcesses, describeOnStage, type Stage } from "../browser/stage.ts";

describeOnStage("two strangers with a browser each, on two nodes", (stage) => {
  test("they are paired, see each other and talk", async () => {
    const [one, two] = await arrive(stage);
    await meet(one, two);
    expect(await one.known("partner-node")).toBe(await two.read("own-node"));
    expect(await two.known("partner-node")).toBe(await one.read("own-node"));
    await Promise.all([one.playsVideos(1), two.playsVideos(1)]);
    await talk(one, two);
  });

  test.for(["first", "second"])(
    "the call completes although the %s one's connection breaks right after they met",
    async (who) => {
      const [one, two] = await arrive(stage);
      const cut = who === "first" ? one : two;
      await cut.cutOnEntering();
      await meet(one, two);
      await cut.sees("recovered", "yes");
      await Promise.all([one.playsVideos(1), two.playsVideos(1)]);
      expect(await cut.read("reconnects")).toBe("1");
      expect(await cut.read("same-socket")).toBe("yes");
      await talk(one, two);
    },
  );
});

describeOnProcesses("two strangers with a browser each, on two nodes of which one dies", (stage) => {
  test("the call completes although one's node is killed right after they met", async () => {
    const [one, two] = await arrive(stage);
    const [survivor, killed] = [stage.cluster().node(0), stage.cluster().node(1)];
    expect(await two.read("own-node")).toBe(killed.id);
    await meet(one, two);
    await killed.kill();
    two.movesTo(survivor);
    await two.sees("recovered", "yes");
    await Promise.all([one.playsVideos(1), two.playsVideos(1)]);
    await two.sees("own-node", survivor.id);
    await talk(one, two);
  });
});

async function arrive({ person }: Pick<Stage, "person">): Promise<[Person, Person]> {
  const [one, two] = [
    await person("#/random", "own-node", { alone: true }),
    await person("#/random", "own-node", { alone: true }),
  ];
  expect(await one.read("own-node")).not.toBe(await two.read("own-node"));
  return [one, two];
}

async function meet(one: Person, two: Person): Promise<void> {
  await one.press("start-video");
  await two.press("start-video");
  expect(await one.known("room-id")).toBe(await two.known("room-id"));
}

async function talk(one: Person, two: Person): Promise<void> {
  await one.says("Hello from one side");
  await two.sees("messages", "Hello from one side");
  await two.says("and from the other");
  await one.sees("messages", "and from the other");
}
