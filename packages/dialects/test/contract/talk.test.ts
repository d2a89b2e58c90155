import { startCluster, type TestCluster, until } from "@switchyard/testkit";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { JWT_SECRET } from "../chat/accounts.ts";
import { patient } from "../patient.ts";
import { drivers } from "./drivers/index.ts";
import { listen, nothingSince, numbersIn, range, settle } from "./hearing.ts";

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster({ environment: { ...patient, JWT_SECRET } });
  return cluster.stop;
});
afterEach(() => cluster.empty());

/** Whatever a payload could say about who sends it. */
const pretenceOf = (id: string) => ({
  ...{
    from: id,
    sender: id,
    senderId: id,
    userId: id,
    fromUserId: id,
    participantId: id,
    id,
    username: id,
    user: { id },
  },
});

describe.each(drivers)("$dialect: two who have met", (driver) => {
  const meet = async () => {
    const [one, two] = await Promise.all([driver.connect(cluster, 0), driver.connect(cluster, 1)]);
    return driver.meet(one, two);
  };

  test("nobody outside reaches in: each such event is refused, and nobody hears anything", async () => {
    const meeting = await meet();
    const others = await meet();
    const alone = await driver.connect(cluster, 0);
    const everyone = [...meeting.sides, ...others.sides, alone];
    await settle(...everyone);
    for (const outsider of [others.sides[0], alone]) {
      const heard = listen(...everyone);
      for (const [event, payload] of meeting.intrusions) {
        const answer = await outsider.ask(event, payload);
        // what ends the outsider's own call is not an intrusion
        if (event !== "end-call" || outsider === alone)
          expect(answer.ok, `${event} ${JSON.stringify(answer)}`).toBe(false);
      }
      await settle(...everyone);
      expect([...meeting.sides, alone].flatMap((client) => heard(client))).toEqual([]);
    }
  });

  test("nobody is believed about who it is", async () => {
    const { sides, signal } = await meet();
    const [one, two] = sides;
    const heard = listen(one, two);
    const [event, payload] = signal(one, 7);
    expect(await one.ask(event, payload)).toMatchObject({ ok: true });
    expect(await one.ask(event, { ...pretenceOf(two.user), ...(payload as object) })).toMatchObject({ ok: true });
    await settle(one, two);
    const [honest, pretended] = heard(two);
    expect(numbersIn(heard(two))).toEqual([7, 7]);
    expect(pretended).toEqual(honest);
    expect(heard(one)).toEqual([]);
  });

  test("what one sends to the other arrives in that order, both ways at once", async () => {
    const { sides, signal } = await meet();
    const [one, two] = sides;
    const heard = listen(one, two);
    for (const i of range(100)) for (const side of sides) side.tell(...(signal(side, i) as [string, unknown]));
    await until("all to be heard", () => sides.every((side) => heard(side).length >= 100));
    await settle(one, two);
    for (const side of sides) expect(numbersIn(heard(side))).toEqual(range(100));
  });

  test("an acknowledgement says that it is safe: what was acknowledged is heard, once", async () => {
    const { sides, signal } = await meet();
    const [one, two] = sides;
    const heard = listen(one, two);
    const answers = await Promise.all(range(50).map((i) => one.ask(...(signal(one, i) as [string, unknown]))));
    expect(answers).toEqual(answers.map(() => ({ ok: true })));
    await settle(two);
    expect(numbersIn(heard(two))).toEqual(range(50));
    await nothingSince(heard, one);
  });
});

describe.each(drivers.filter(({ opening }) => opening))("$dialect: two who have met", (driver) => {
  test("the same opening event again: its reply again, and the other hears nothing", async () => {
    const [one, two] = await Promise.all([driver.connect(cluster, 0), driver.connect(cluster, 1)]);
    const { openAgain } = await driver.meet(one, two);
    for (const [side, other] of [
      [one, two],
      [two, one],
    ] as const) {
      const heard = listen(one, two);
      expect(await openAgain(side)).toMatchObject({ ok: true });
      await settle(one, two);
      expect(heard(side).map(([name]) => name)).toEqual(driver.reply);
      expect(heard(other)).toEqual([]);
    }
  });
});
