import { keys } from "@switchyard/store";
import { broken } from "./damage.ts";

/** What can happen to who is there, in a dialect and as a user. */
export const peopleDamage = [
  broken("presence-sessions", "somebody who counts and is no more", true, async (world) => {
    await world.store.presence.add("random", "ghost");
    return "ghost";
  }),
  broken("session-presence", "somebody who is there and does not count", true, async (world) => {
    const { session } = await world.connect("random");
    await world.store.presence.remove("random", session);
    return session;
  }),
  broken("people-online", "somebody online by a session that is no more", true, async (world) => {
    const coming = { session: "ghost", user: "ann", claim: 1, profile: "{}", event: '{"type":"came"}' };
    await world.store.online.set("calls", coming, 10);
    return "ann";
  }),
  broken("people-online", "somebody in the chatroom by a session that is no more", true, async (world) => {
    await world.store.online.addSession("chat", "ghost", "ann");
    return "ghost";
  }),
  broken("people-online", "somebody who is counted once too often", false, async (world) => {
    await world.chatting("ann");
    await world.redis.hincrby(keys.presencePeople("chat"), "ann", 1);
    return "ann";
  }),
  broken("arrivals", "somebody online who has no place in the order", false, async (world) => {
    const { user } = await world.online();
    await world.redis.zrem(keys.presenceArrivals("calls"), user ?? "");
    return user ?? "";
  }),
  broken("session-online", "somebody who came online and is not", false, async (world) => {
    const { user, session } = await world.online();
    await world.redis.hdel(keys.presencePeople("calls"), user ?? "");
    await world.redis.zrem(keys.presenceArrivals("calls"), user ?? "");
    return session;
  }),
  broken("feeds", "an entry that nobody has noted", false, async (world) => {
    await world.online();
    await world.redis.xadd(keys.feed("calls"), "*", "e", "{}", "x", "");
    return "calls";
  }),
  broken("user-sessions", "somebody for whom a session stands that is no more", true, async (world) => {
    await world.store.users.claim("match", "ann", "ghost");
    return "ann";
  }),
  broken("user-sessions", "an eviction that was not carried out", true, async (world) => {
    const { session, user } = await world.waiting();
    await world.redis.hset(keys.user("random", user ?? ""), "e:ghost", "1");
    return `ghost is not evicted${session && ""}`;
  }),
  broken("session-user", "somebody who stands for a user who does not know it", false, async (world) => {
    const { session, user } = await world.waiting();
    await world.redis.del(keys.user("random", user ?? ""));
    return session;
  }),
  broken("user-sessions", "a key of another type than it should have", false, async (world) => {
    await world.redis.set(keys.user("match", "ann"), "text");
    return "can't be read";
  }),
];
