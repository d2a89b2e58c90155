import { expectNothingMore, pairClients, startCluster, type TestClient, type TestCluster } from "@switchyard/testkit";
import { afterEach, beforeAll, describe, test } from "vitest";
import { patient } from "../patient.ts";
import { expectToMeet, meetAny, wait } from "./strangers.ts";

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster({ environment: patient });
  return cluster.stop;
});
afterEach(() => cluster.empty());

const connect = (count: number) => Promise.all(Array.from({ length: count }, (_, i) => cluster.connect(i % 2)));

describe("as long as preferences bind", () => {
  test.each([
    ["language", { language: "de" }, { language: "fr" }],
    ["region", { region: "eu" }, { region: "us" }],
    ["interests", { interests: ["chess", "go"] }, { interests: ["tennis"] }],
    ["one of several", { language: "de", interests: ["chess"] }, { language: "de", interests: ["go"] }],
  ])("who differs in %s is not met", async (_, one, two) => {
    const [ann, bob] = (await connect(2)) as [TestClient, TestClient];
    await wait(ann, one);
    await wait(bob, two);
    await expectNothingMore(ann, bob);
  });

  test.each([
    ["language", { language: "DE" }, { language: "de" }],
    ["region", { region: "eu" }, { region: "EU" }],
    ["language that one of them didn't give", { language: "de" }, { region: "eu" }],
    ["anything that one of them didn't give", { interests: ["chess"], language: "de", region: "eu" }, {}],
  ])("who agrees in %s is met", async (_, one, two) => {
    const [ann, bob] = (await connect(2)) as [TestClient, TestClient];
    await wait(ann, one);
    await meetAny(bob, two);
    await expectToMeet(ann, bob);
    await expectNothingMore(ann, bob);
  });

  test("interests count whatever the case of their letters; each hears them in its own spelling and order", async () => {
    const [ann, bob] = (await connect(2)) as [TestClient, TestClient];
    await wait(ann, { interests: ["Chess", "tennis", "GO", "Ötzi"] });
    await meetAny(bob, { interests: ["ötzi", "go", "Sailing", "CHESS"] });
    await expectToMeet(ann, bob, [
      ["Chess", "GO", "Ötzi"],
      ["ötzi", "go", "CHESS"],
    ]);
    await expectNothingMore(ann, bob);
  });

  test("what was left empty, or is there twice, was not given", async () => {
    const [ann, bob, cem] = (await connect(3)) as [TestClient, TestClient, TestClient];
    await wait(ann, { language: "", region: "", interests: ["chess", "", "chess", ...Array(11).fill("Chess")] });
    await wait(bob, { language: "de", region: "eu", interests: ["go"] });
    await meetAny(cem, { language: "fr", region: "us", interests: ["", "chess"], avoid: ["", bob.user, bob.user] });
    await expectToMeet(ann, cem, [["Chess"], ["chess"]]);
    await expectNothingMore(ann, bob, cem);
  });

  test("of a long list to avoid the first hundred count", async () => {
    const [ann, bob] = (await connect(2)) as [TestClient, TestClient];
    const others = Array.from({ length: 300 }, (_, i) => `other ${i}`);
    await wait(ann, { avoid: [bob.user, ...others] });
    await wait(bob);
    await expectNothingMore(ann, bob);
    await meetAny(ann, { avoid: [...others, bob.user] });
    await expectToMeet(ann, bob);
  });

  test.each(["the one who waits", "the one who comes"])("who is to be avoided by %s is not met", async (who) => {
    const [ann, bob, cem] = (await connect(3)) as [TestClient, TestClient, TestClient];
    await wait(ann, who.endsWith("waits") ? { avoid: [bob.user] } : {});
    await wait(bob, who.endsWith("comes") ? { avoid: [ann.user] } : {});
    await expectNothingMore(ann, bob);
    await meetAny(cem);
    await expectToMeet(ann, cem);
    await expectNothingMore(ann, bob, cem);
  });

  test("of those who suit, the one who has waited longest is met", async () => {
    const clients = await connect(8);
    const [one, two, three, four, ...others] = clients as [TestClient, TestClient, TestClient, TestClient];
    const waiting = [one, two, three, four];
    for (const [i, client] of waiting.entries()) await wait(client, { interests: [`interest ${i}`] });
    await expectNothingMore(...waiting);
    const [last, ...rest] = others as TestClient[] as [TestClient, ...TestClient[]];
    await meetAny(last, { interests: ["interest 2", "interest 3"] });
    await expectToMeet(three, last, [["interest 2"], ["interest 2"]]);
    for (const [i, client] of rest.entries()) {
      await meetAny(client);
      await expectToMeet([one, two, four][i] as TestClient, client);
    }
    await expectNothingMore(...clients);
  });

  test("recent partners are not met, however few there are; the fifth but last is one, the sixth is not", async () => {
    const [ann, bob, ...others] = (await connect(12)) as [TestClient, TestClient, ...TestClient[]];
    let last = "";
    const next = async (one: TestClient, two: TestClient) => {
      last = await pairClients(one, two);
      await one.request("leave_room", { roomId: last });
      await two.receive("partner_disconnected");
    };
    await next(ann, bob);
    for (const [i, other] of others.entries()) {
      await next(i % 2 === 0 ? ann : bob, other);
      if (i !== 7) continue;
      await wait(ann);
      await wait(bob);
      await expectNothingMore(ann, bob);
      for (const client of [ann, bob]) await client.request("leave_queue", {});
    }
    await pairClients(ann, bob);
    await expectNothingMore(ann, bob);
  });
});
