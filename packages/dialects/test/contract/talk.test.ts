import { startCluster, type TestCluster, until } from "@switchyard/testkit";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { JWT_SECRET } from "../chat/accounts.ts";
import { patient } from "../patient.ts";
import { drivers } from "./drivers.ts";
import { catchUp, listen, nothingSince, numbered, numbersIn, range } from "./hearing.ts";
import { served } from "./served.ts";

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster({ dialects: served, environment: { ...patient, JWT_SECRET } });
  return cluster.stop;
});
afterEach(() => cluster.empty());

/** Whatever a payload could say about who sends it. */
const pretenceOf = (id: string) => ({
  from: id,
  sender: id,
  senderId: id,
  userId: id,
  fromUserId: id,
  participantId: id,
  id,
  username: id,
  user: { id },
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
    await catchUp(...everyone);
    for (const outsider of [others.sides[0], alone]) {
      const received = listen(...everyone);
      for (const [event, ...args] of meeting.intrusions) {
        const answer = await outsider.request(event, ...args);
        if (!meeting.ownAffairs.includes(event) || outsider === alone)
          expect(answer.ok, `${event} ${JSON.stringify(answer)}`).toBe(false);
      }
      await catchUp(...everyone);
      expect([...meeting.sides, alone].flatMap((client) => received(client))).toEqual([]);
    }
  });

  test("nobody is believed about who it is", async () => {
    const { sides, signal } = await meet();
    const [one, two] = sides;
    const received = listen(one, two);
    expect(await one.request(...signal(one, numbered(7)))).toMatchObject({ ok: true });
    expect(await one.request(...signal(one, numbered(7), pretenceOf(two.user)))).toMatchObject({ ok: true });
    await catchUp(one, two);
    const [honest, pretended] = received(two);
    expect(numbersIn(received(two))).toEqual([7, 7]);
    expect(pretended).toEqual(honest);
    expect(received(one)).toEqual([]);
  });

  test("what one sends to the other arrives in that order, both ways at once", async () => {
    const { sides, signal } = await meet();
    const [one, two] = sides;
    const received = listen(one, two);
    for (const i of range(100)) for (const side of sides) side.send(...signal(side, numbered(i)));
    await until("all to be heard", () => sides.every((side) => received(side).length >= 100));
    await catchUp(one, two);
    for (const side of sides) expect(numbersIn(received(side))).toEqual(range(100));
  });

  test("an acknowledgement says that it is safe: what was acknowledged is heard, once", async () => {
    const { sides, signal } = await meet();
    const [one, two] = sides;
    const received = listen(one, two);
    const answers = await Promise.all(range(50).map((i) => one.request(...signal(one, numbered(i)))));
    expect(answers).toEqual(answers.map(() => ({ ok: true })));
    await catchUp(two);
    expect(numbersIn(received(two))).toEqual(range(50));
    await nothingSince(received, one);
  });
});

describe.each(drivers.filter(({ opening }) => opening))("$dialect: two who have met", (driver) => {
  test("the same opening event again: its reply again, and the other hears nothing", async () => {
    const [one, two] = await Promise.all([driver.connect(cluster, 0), driver.connect(cluster, 1)]);
    const { openAgain } = await driver.meet(one, two);
    for (const [side, other, reply] of [
      [one, two, driver.replies[0]],
      [two, one, driver.replies[1]],
    ] as const) {
      const received = listen(one, two);
      expect(await openAgain(side)).toMatchObject({ ok: true });
      await catchUp(one, two);
      expect(received(side).map(([name]) => name)).toEqual(reply);
      expect(received(other)).toEqual([]);
    }
  });
});
