import { expect, test } from "vitest";
import { GroupCallSession } from "../src/dialects/group-call-session.ts";
import { MatchSession } from "../src/dialects/match-session.ts";
import { MeetingSession } from "../src/dialects/meeting-session.ts";
import { RandomSession } from "../src/dialects/random-session.ts";
import { ChatroomSession } from "../src/dialects/use-chatroom.ts";
import { kept, newId, stateOf, tokenFor, useCluster } from "./people.ts";

const cluster = useCluster();
const url = (node: number) => cluster().node(node).url;

test("match: who comes later finds the other one; a call rings, is accepted, and ends for both", async () => {
  const matchId = newId("match");
  const [adaId, bobId] = [newId("ada"), newId("bob")];
  const ada = kept(new MatchSession({ url: url(0), userId: adaId, matchId }));
  await stateOf(ada, "Ada to be in", ({ participants }) => participants.length === 1);
  const bob = kept(new MatchSession({ url: url(1), userId: bobId, matchId }));
  expect((await stateOf(bob, "Bob to be in", ({ participants }) => participants.length === 2)).found).toEqual([adaId]);
  expect((await stateOf(ada, "Ada to know", ({ participants }) => participants.length === 2)).found).toEqual([]);
  await bob.initiateCall(adaId);
  await stateOf(ada, "the call to ring", ({ call, peer }) => call === "ringing" && peer === bobId);
  await ada.acceptCall();
  await stateOf(bob, "the call to be accepted", ({ call, peer }) => call === "accepted" && peer === adaId);
  await bob.endCall();
  await stateOf(ada, "the call to end", ({ call }) => call === "ended");
  expect(bob.get()).toMatchObject({ call: "none", peer: null });
  await ada.initiateCall(bobId);
  await stateOf(bob, "the call to ring", ({ call }) => call === "ringing");
  await bob.rejectCall("busy");
  await stateOf(ada, "the call to be rejected", ({ call, reason }) => call === "rejected" && reason === "busy");
  bob.close();
  await stateOf(ada, "Bob to be gone", ({ participants, call }) => participants.length === 1 && call === "ended");
  await expect(ada.initiateCall(bobId)).rejects.toMatchObject({ code: "user_offline" });
  expect(ada.get().call).toBe("none");
});

test("random: strangers write to each other; whoever leaves waits again by `next`", async () => {
  const people = [0, 1].map((node) =>
    kept(new RandomSession({ url: url(node), userId: newId("someone"), type: "chat" })),
  );
  const [ada, bob] = people as [RandomSession, RandomSession];
  expect(ada.get().stage).toBe("waiting");
  for (const person of people) await stateOf(person, "a partner", ({ stage }) => stage === "paired");
  await ada.setTyping(true);
  await stateOf(bob, "the sign of typing", ({ isPartnerTyping }) => isPartnerTyping);
  await ada.sendMessage("Hello!");
  const { messages } = await stateOf(bob, "the message", (state) => state.messages.length > 0);
  expect(messages).toMatchObject([{ text: "Hello!", isOwn: false }]);
  expect(ada.get().messages).toMatchObject([{ id: messages[0]?.id, text: "Hello!", isOwn: true }]);
  await bob.leave();
  expect(bob.get()).toMatchObject({ stage: "idle", partner: null });
  await stateOf(ada, "the partner to be gone", ({ stage }) => stage === "left");
  await ada.next();
  await stateOf(ada, "the queue", ({ stage, messages: former }) => stage === "waiting" && former.length === 0);
  await ada.leave();
});

test("group call: a user online is invited, comes in, and everyone knows who is there", async () => {
  const [adaId, bobId] = [newId("ada"), newId("bob")];
  const ada = kept(new GroupCallSession({ url: url(0), userId: adaId, userName: "Ada" }));
  const bob = kept(new GroupCallSession({ url: url(1), userId: bobId, userName: "Bob" }));
  for (const one of [ada, bob]) await stateOf(one, "both online", ({ users }) => users.length >= 2);
  const id = await ada.start([bobId]);
  const invited = await stateOf(bob, "the invitation", ({ invitations }) => invitations.length === 1);
  expect(invited.invitations).toMatchObject([{ callId: id, from: { id: adaId, username: "Ada" }, isVideo: true }]);
  const group = (await stateOf(ada, "Ada to be in", (state) => state.group !== null)).group;
  const heard: string[] = [];
  group?.follow({
    enter: (ids) => heard.push(`enter ${[...ids]}`),
    joined: (user) => heard.push(`joined ${user}`),
    left: (user) => heard.push(`left ${user}`),
  });
  await bob.join(id);
  expect(bob.get().invitations).toEqual([]);
  await stateOf(bob, "Bob to be in", ({ call }) => call?.participants.length === 2);
  await stateOf(ada, "Ada to see Bob", ({ call }) => call?.participants.length === 2);
  await bob.leave();
  await stateOf(ada, "Bob to be gone", ({ call }) => call?.participants.length === 1);
  expect(heard).toEqual([`enter ${adaId}`, `joined ${bobId}`, `left ${bobId}`]);
  expect(bob.get()).toMatchObject({ call: null, group: null });
});

test("meeting: participants, their media and messages are the same for all", async () => {
  const roomId = newId("standup");
  const ada = kept(new MeetingSession({ url: url(0), roomId, userName: "Ada" }));
  await stateOf(ada, "Ada to be in", ({ ownId }) => ownId !== null);
  await ada.sendMessage("first");
  const bob = kept(new MeetingSession({ url: url(1), roomId, userName: "Bob" }));
  const seen = await stateOf(bob, "Bob to be in", ({ group }) => group !== null);
  expect(seen.messages.map(({ message }) => message)).toEqual(["first"]);
  expect(seen.participants.map(({ userName }) => userName).toSorted()).toEqual(["Ada", "Bob"]);
  await bob.show({ isAudioMuted: true, isVideoOff: false, isScreenSharing: true });
  await stateOf(ada, "Bob's media", ({ participants }) =>
    participants.some(({ userName, isAudioMuted, isVideoOff, isScreenSharing }) => {
      return userName === "Bob" && isAudioMuted && !isVideoOff && isScreenSharing;
    }),
  );
  await bob.leave();
  expect(bob.get()).toMatchObject({ ownId: null, participants: [], group: null });
  await stateOf(ada, "Bob to be gone", ({ participants }) => participants.length === 1);
  await bob.join();
  await stateOf(bob, "Bob to be back", ({ participants }) => participants.length === 2);
});

test("chatroom: messages come to all, older ones are loaded on demand", async () => {
  const [ada, bob] = [newId("ada"), newId("bob")];
  const first = kept(new ChatroomSession({ url: url(0), token: tokenFor(ada) }));
  for (const text of ["one", "two", "three"]) await first.sendMessage(text);
  const second = kept(new ChatroomSession({ url: url(1), token: async () => tokenFor(bob) }));
  await stateOf(second, "the history", ({ messages }) => messages.at(-1)?.text === "three");
  await second.sendMessage("four");
  await stateOf(first, "the message", ({ messages }) => messages.at(-1)?.text === "four");
  const { messages } = second.get();
  expect(new Set(messages.map(({ id }) => id)).size).toBe(messages.length);
  await second.loadOlder();
  expect(second.get()).toMatchObject({ hasMore: false });
  await stateOf(second, "both names", ({ users }) => users.includes(ada) && users.includes(bob));
});
