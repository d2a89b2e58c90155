import { beforeAll, describe, expect, test } from "vitest";
import { idOf, openScene, type Scene } from "./scene.ts";
import { sy, syJson } from "./sy.ts";

const time = expect.any(Number);
let { cluster, environment, pair, guest, waiting } = {} as Scene;
beforeAll(async () => {
  ({ cluster, environment, pair, guest, waiting } = await openScene());
  return cluster.stop;
});

const nodeAt = (index: number) => cluster.node(index).id;

describe("rooms, room", () => {
  test("the rooms in which somebody is", async () => {
    const document = await syJson<object>(environment, "rooms");
    const [kitchen, paired] = ["rooms:kitchen", pair.room];
    expect(document).toEqual({
      rooms: [
        { id: paired, dialect: "random", kind: "pair", state: "open", people: 2, created: time },
        { id: kitchen, dialect: "rooms", kind: "meeting", state: "open", people: 1, created: time, changed: time },
      ],
      total: 2,
      more: false,
    });
    expect(await syJson(environment, "rooms", "--dialect", "match")).toEqual({ rooms: [], total: 0, more: false });
    expect(await syJson(environment, "rooms", "--limit", "1")).toMatchObject({ rooms: [{ id: paired }], more: true });
  });

  test("a pair: who is in it, and where", async () => {
    const document = await syJson<object>(environment, "room", pair.room);
    expect(document).toMatchObject({ id: pair.room, state: "open", kind: "pair", dialect: "random", leaving: [] });
    expect(document).toMatchObject({
      members: expect.arrayContaining([
        { session: idOf(pair.one), user: pair.one.user, state: "live", node: nodeAt(0) },
        { session: idOf(pair.two), user: pair.two.user, state: "live", node: nodeAt(1) },
      ]),
    });
  });

  test("a room that clients name", async () => {
    const flags = { audioMuted: false, videoOff: false, screenSharing: false };
    expect(await syJson(environment, "room", "rooms:kitchen")).toMatchObject({
      id: "rooms:kitchen",
      kind: "meeting",
      messages: 0,
      members: [{ session: idOf(guest), user: idOf(guest), state: "live", node: nodeAt(1), joined: time, flags }],
    });
    const { text } = await sy(environment, "room", "rooms:kitchen");
    expect(text).toContain("Members (1)");
  });

  test("1 for a room that isn't there", async () => {
    expect(await sy(environment, "room", "x")).toEqual({ code: 1, text: "", aside: "sy: there is no room x\n" });
    const { code, text } = await sy(environment, "room", "x", "--json");
    expect([code, JSON.parse(text)]).toEqual([1, { error: "there is no room x" }]);
  });
});

describe("sessions, session", () => {
  test.each(["-K5e-N-ODA1kn1EAA7GA", "--5e-N-ODA1kn1EAA7GA", "---e-N-ODA1kn1EAA7GA"])(
    "an id may begin with dashes: %s is none that is there",
    async (id) => {
      expect(await sy(environment, "session", id)).toMatchObject({ code: 1, aside: expect.stringContaining(id) });
    },
  );

  test("all, those of a user, those of a node, those of a dialect", async () => {
    const ids = async (...args: string[]) => {
      const { sessions } = await syJson<{ sessions: { id: string }[] }>(environment, "sessions", ...args);
      return sessions.map(({ id }) => id).toSorted();
    };
    const all = [pair.one, pair.two, guest, waiting].map(idOf).toSorted();
    expect(await ids()).toEqual(all);
    expect(await ids("--user", waiting.user)).toEqual([idOf(waiting)]);
    expect(await ids("--user", waiting.user, "--dialect", "match")).toEqual([]);
    expect(await ids("--node", nodeAt(1))).toEqual([pair.two, guest].map(idOf).toSorted());
    expect(await ids("--dialect", "rooms")).toEqual([idOf(guest)]);
    expect(await syJson(environment, "sessions", "--limit", "3")).toMatchObject({ more: true });
    expect((await sy(environment, "sessions", "--node", "nobody")).code).toBe(1);
    expect(await syJson(environment, "sessions", "--user", waiting.user)).toEqual({
      sessions: [
        {
          id: idOf(waiting),
          dialect: "random",
          user: waiting.user,
          state: "live",
          node: nodeAt(0),
          opened: time,
          rooms: [],
          queue: "video",
        },
      ],
      more: false,
    });
  });

  test("one that waits: in which queue, at which place", async () => {
    expect(await syJson(environment, "session", idOf(waiting))).toMatchObject({
      id: idOf(waiting),
      state: "live",
      dialect: "random",
      node: nodeAt(0),
      nodeState: "alive",
      epoch: 1,
      waiting: { queue: "video", number: 1, isQueued: true, position: 1, waitedMs: time },
      outbox: { told: 1, kept: 1, first: 1, last: [{ number: 1, event: "waiting_for_partner", bytes: time }] },
    });
  });

  test("one in a room: what it is in, and what it was told; its content only where that is asked for", async () => {
    const document = await syJson<{ outbox: { last: object[] } }>(environment, "session", idOf(pair.one));
    const peer = { id: pair.room, kind: "pair", peer: idOf(pair.two), partner: pair.two.user };
    expect(document).toMatchObject({ user: pair.one.user, rooms: [peer], reserved: [], departing: [], calls: [] });
    expect(JSON.stringify(document)).not.toContain("interests");
    const shown = await sy(environment, "session", idOf(pair.one), "--packets");
    expect(shown.text).toContain('"sharedInterests":[]');
    expect((await sy(environment, "session", idOf(pair.one), "--events", "0")).text).not.toContain("partner_found");
  });

  test("1 for one that isn't there", async () => {
    expect((await sy(environment, "session", "x")).code).toBe(1);
  });
});
