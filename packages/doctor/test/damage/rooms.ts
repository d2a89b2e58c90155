import { keys } from "@switchyard/store";
import { broken } from "./damage.ts";

/** What can happen to rooms and to who is in them. */
export const roomDamage = [
  broken("room-members", "somebody in a meeting who is no more", true, async (world) => {
    const { room, people } = await world.meeting(3);
    const [, ghost] = people;
    const entry = await world.redis.hget(keys.roomPeers(room), ghost?.session ?? "");
    await world.redis.hset(keys.roomPeers(room), "ghost", String(entry));
    return "ghost";
  }),
  broken("member-rooms", "somebody who is in a meeting that does not list it", true, async (world) => {
    const { room, people } = await world.meeting();
    const session = people[0]?.session ?? "";
    await world.redis.hdel(keys.roomPeers(room), session);
    await world.redis.hdel(keys.roomUsers(room), session);
    return session;
  }),
  broken("pair-rooms", "somebody in a pair who is no more", true, async (world) => {
    const { room } = await world.pair();
    await world.redis.hset(keys.roomPeers(room), "ghost", JSON.stringify({ user: "ghost" }));
    return "ghost";
  }),
  broken("pair-rooms", "a pair whose end was broken off", true, async (world) => {
    const { room } = await world.pair();
    await world.store.rooms.close(room);
    return room;
  }),
  broken("pair-seats", "somebody beside a partner in a pair that is no more", true, async (world) => {
    const { room, one } = await world.pair();
    await world.redis.del(keys.roomMeta(room), keys.roomPeers(room));
    return one.session;
  }),
  broken("unfinished-leave", "a room that was not left altogether", true, async (world) => {
    const { one } = await world.pair();
    await world.store.sessions.requestTicket(one.session, 1, "chat", one.user ?? "", one.opening ?? "");
    return one.session;
  }),
  broken("listed-rooms", "a room on the list that is no more", true, async (world) => {
    await world.store.presence.roomOpened("match", "match:nothing");
    return "match:nothing";
  }),
  broken("open-rooms", "a meeting that is not on the list", true, async (world) => {
    const { room } = await world.meeting();
    await world.store.presence.roomRemoved("rooms", room);
    return room;
  }),
  broken("open-rooms", "a memory of a room that stays for good", true, async (world) => {
    const room = "00000000-0000-4000-8000-000000000000";
    await world.store.rooms.close(room);
    await world.redis.persist(keys.roomMeta(room));
    return room;
  }),
  broken("open-rooms", "an empty room that stays for good", false, async (world) => {
    const { room, people } = await world.meeting(1);
    for (const { session } of people) await world.redis.hdel(keys.roomPeers(room), session);
    return room;
  }),
  broken("room-parts", "messages of a room that is no more", false, async (world) => {
    await world.redis.xadd(keys.roomChat("rooms:gone"), "*", "m", "{}");
    return "rooms:gone";
  }),
  broken("room-users", "a user of a room by a session that is not in it", false, async (world) => {
    const { room } = await world.meeting();
    await world.redis.hset(keys.roomUsers(room), "somebody", "1 nobody");
    return "nobody";
  }),
  broken("room-gone", "a leaver of whom nobody was told", true, async (world) => {
    const { room, people } = await world.meeting();
    const [one] = people;
    const departure = await world.store.outboxes.depart(one?.session ?? "", room, 1, undefined);
    const attempt = typeof departure === "object" ? departure.attempt : 0;
    await world.store.memberships.exit(room, one?.session ?? "", attempt, 60_000);
    await world.store.sessions.forgetRoom(one?.session ?? "", room, attempt);
    return one?.session ?? "";
  }),
];
