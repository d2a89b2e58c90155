import { randomUUID } from "node:crypto";
import {
  type Cluster,
  type Context,
  carryOutAssignment,
  comeOnline,
  enter,
  enterChatroom,
  join,
  Participant,
} from "@switchyard/core";
import { type DialectLimits, dialects, openContexts } from "@switchyard/dialects";
import { type DialectName, type RoomId, roomNamed } from "@switchyard/protocol";
import { openInspection } from "@switchyard/store/inspection";
import { type CleanUp, openTestStore, startLocalRedis, type TestStore } from "@switchyard/testkit";
import { type Diagnosed, type ExaminedCluster, type ExamineOptions, examine, repair, suspect } from "../src/index.ts";

const limits: DialectLimits = {
  callParticipants: 8,
  roomParticipants: 8,
  roomLingerMs: 60_000,
  historyLimit: 10,
  messagesKept: 100,
  chatHistoryBytes: 1_048_576,
  retentionMs: 86_400_000,
  peopleListed: 100,
  reportsPerDay: 100,
  reportAfterMs: 60_000,
  reportsKept: 1000,
  reportRetentionMs: 60_000,
};
const LEASE_MS = 600_000;
/** Nobody does anything meanwhile, so nothing passes that is waited for. */
const quickly: ExamineOptions = { confirmAfterMs: 0, lastLookMs: 0, pace: { count: 1000, pauseMs: 0 } };

/** People on a Redis of their own, put there by the use cases; the node that holds them is alive, and does nothing by itself. */
export class World {
  readonly node = `node-${randomUUID().slice(0, 8)}`;
  readonly redis: TestStore["redis"];
  readonly cluster: Cluster;
  readonly #examined: ExaminedCluster;

  constructor({ redis, store }: TestStore) {
    this.redis = redis;
    this.cluster = { store, contexts: openContexts(dialects, store, limits), graceMs: 60_000 };
    this.#examined = { store, inspection: openInspection(redis), timing: { leaseMs: 0, sweepMs: 1 } };
  }

  static async open(cleanUp: CleanUp): Promise<World> {
    const server = await startLocalRedis();
    cleanUp.add(server.stop);
    const opened = await openTestStore(server.url);
    cleanUp.add(opened.close);
    return new World(opened);
  }

  /** Nobody is there but the node. */
  async begin(): Promise<void> {
    await this.empty();
    await this.store.nodes.describe(this.node, { service: "signaling" });
    await this.store.nodes.renew(this.node, LEASE_MS);
  }

  /** There is nothing. */
  async empty(): Promise<void> {
    const removing = this.redis.pipeline();
    for (const key of await this.redis.keys("*")) removing.del(key);
    await removing.exec();
  }

  get store() {
    return this.cluster.store;
  }

  contextOf(dialect: DialectName): Context {
    return this.cluster.contexts.get(dialect) as Context;
  }

  /** Somebody who has just connected. */
  async connect(dialect: DialectName): Promise<Participant> {
    const session = randomUUID();
    await this.store.nodes.expect(this.node, session);
    await this.store.sessions.open(session, dialect, "secret", this.node);
    await this.store.presence.add(dialect, session);
    return new Participant(session, dialect, 1);
  }

  /** Somebody who waits to be paired. */
  async waiting(): Promise<Participant> {
    const participant = await this.connect("random");
    const request = {
      user: randomUUID(),
      queue: "chat",
      interests: [],
      language: undefined,
      region: undefined,
      avoid: [],
    };
    await join(this.contextOf("random"), participant, request);
    return participant;
  }

  /** Two who are paired: final, and carried out if `settled`. */
  async pair(settled = true): Promise<{ room: RoomId; one: Participant; two: Participant }> {
    const [one, two] = [await this.waiting(), await this.waiting()];
    const room = randomUUID();
    const tickets = await this.store.queues.find("chat", [one.session, two.session]);
    const [first, second] = tickets;
    if (!first || !second) throw new Error("they don't wait");
    await this.store.assignments.prepare("chat");
    await this.store.queues.commit("chat", first, second, room);
    if (settled) await this.carryOutAssignment();
    return { room, one, two };
  }

  async carryOutAssignment(): Promise<void> {
    for (const assignment of await this.store.assignments.list("chat", 10)) {
      await carryOutAssignment(this.contextOf("random"), assignment);
    }
  }

  /** People in one meeting. */
  async meeting(count = 2): Promise<{ room: RoomId; people: Participant[] }> {
    const room = roomNamed("rooms", randomUUID());
    const people: Participant[] = [];
    for (let i = 0; i < count; i += 1) {
      const participant = await this.connect("rooms");
      const user: string = participant.session;
      await enter(this.contextOf("rooms"), participant, { room, user, profile: { userName: "Ann" } });
      people.push(participant);
    }
    return { room, people };
  }

  /** Somebody who is online in `calls`. */
  async online(): Promise<Participant> {
    const participant = await this.connect("calls");
    const user = randomUUID();
    await comeOnline(this.contextOf("calls"), participant, user, { id: user, username: "Ann" });
    return participant;
  }

  /** Somebody in the chatroom. */
  async chatting(user: string = randomUUID()): Promise<Participant> {
    const participant = await this.connect("chat");
    participant.bearer = { user, dialect: undefined, room: undefined, cohort: undefined };
    await enterChatroom(this.contextOf("chat"), participant);
    return participant;
  }

  /** What is wrong. */
  async findings(): Promise<readonly Diagnosed[]> {
    return (await examine(this.#examined, quickly)).findings;
  }

  /** What seems wrong at one look. */
  async suspicions() {
    return (await suspect(this.#examined, quickly)).suspicions;
  }

  /** Puts right what can be; returns what could not be done. */
  async repair(findings: readonly Diagnosed[]): Promise<readonly string[]> {
    return (await repair(this.cluster, findings)).flatMap(({ failure }) => failure ?? []);
  }
}
