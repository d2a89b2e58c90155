import { setTimeout as wait } from "node:timers/promises";
import { type DialectName, Id, type RoomId, type SessionId, type UserId } from "@switchyard/protocol";
import type { Notice, NoticeState, NoticeStep, NoticeTarget } from "@switchyard/store";
import { CHATROOM } from "../chatroom/chatroom.ts";
import type { Cluster, Context } from "../context.ts";
import type { Packet } from "../delivery.ts";
import { sessionsOfUser } from "../identity/takeover.ts";
import { contextOfRoom } from "../moderation/removing.ts";
import { UnusableActionError } from "../moderation/reviewing.ts";
import { writeFeedEvent } from "../presence/feed-event.ts";
import { checkNotice } from "./usable-notice.ts";

/** How often a user's sessions are looked up again, where one of them was replaced meanwhile. */
const LOOKS = 3;
/** A process that has done no step for so long is dead, or slow: then the sweep does it. */
const OVERDUE_MS = 5000;
/** How many notices a sweep finishes at most; the next one goes on. */
const BATCH = 20;

/** A notice as a back end asks for it. */
export interface NoticeRequest extends Notice {
  /** The operator's name, for the audit log. */
  readonly by: string;
  /** Whether the audit log has it; one to everyone in a dialect is there in any case. */
  readonly isAudited: boolean;
}

/** The result of a notice. */
export interface NoticeOutcome extends Omit<NoticeState, "cursor"> {
  /** Whether everybody whom it is for was reached; else it is still being sent. */
  readonly isDone: boolean;
  /** Whether a request with its id came before. */
  readonly isRepeated: boolean;
}

/** Another notice has the id. */
export class NoticeConflictError extends Error {
  override readonly name = "NoticeConflictError";
}

/**
 * Sends an event of a back end's own through the outboxes of a user's sessions, of the members of a room or of everyone in a dialect, or
 * through the dialect's feed. From the first step on the sweep finishes it, where the process dies. The same request again sends nothing
 * twice, and finishes what is left.
 * @param onStep receives the outcome so far
 * @throws UnusableActionError; NoticeConflictError
 */
export async function notify(
  cluster: Cluster,
  request: NoticeRequest,
  onStep: (outcome: NoticeOutcome) => void = () => {},
): Promise<NoticeOutcome> {
  const { by, isAudited, ...notice } = request;
  const context = await checkedContext(cluster, notice);
  if (!Id.safeParse(by).success) throw new UnusableActionError("The operator's name can't be used.");
  const isNoted = isAudited || notice.to.kind === "dialect";
  const begun = await cluster.store.notices.begin(notice, isNoted ? by : undefined);
  if (begun === "conflict") throw new NoticeConflictError("Another event has that id.");
  const { isRepeated, ...state } = begun;
  return finish(cluster, context, notice, state, (outcome) => onStep({ ...outcome, isRepeated })).then((outcome) => ({
    ...outcome,
    isRepeated,
  }));
}

/**
 * Once a second, by the sweep: finishes notices whose process has done nothing for a while.
 * @returns how many
 */
export async function sweepNotices(cluster: Cluster): Promise<number> {
  const { notices } = cluster.store;
  const overdue = await notices.overdue(OVERDUE_MS, BATCH);
  for (const id of overdue) {
    const found = await notices.find(id);
    const context = found && (await contextOf(cluster, found.notice.to));
    if (found && context) await finish(cluster, context, found.notice, found.state, () => {});
    else await notices.close(id); // its lifetime is over, or its room is
  }
  return overdue.length;
}

type Outcome = Omit<NoticeOutcome, "isRepeated">;

/** Does what is left of it, step by step; between two steps of many Redis has as much time for everything else. */
async function finish(
  { store }: Cluster,
  context: Context,
  notice: Notice,
  begun: NoticeState,
  onStep: (outcome: Outcome) => void,
): Promise<Outcome> {
  for (let state = begun; ; ) {
    const { cursor, ...outcome } = state;
    const isDone = cursor === "done";
    onStep({ ...outcome, isDone });
    if (isDone) return { ...outcome, isDone };
    const from = performance.now();
    const step = await stepOf(context, notice, cursor);
    const next = await store.notices.advance(notice.id, cursor, step);
    state = next ?? { ...state, cursor: "done" };
    if (state.cursor !== "done") await wait(performance.now() - from);
  }
}

async function stepOf(context: Context, notice: Notice, cursor: string): Promise<NoticeStep> {
  const { to } = notice;
  if (to.kind === "user") return sendToUser(context, notice, to.user);
  if (to.kind === "room" && to.room !== CHATROOM) return sendToRoom(context, notice, to.room);
  return context.onlineRules ? postToFeed(context, notice, context.onlineRules) : sendToPage(context, notice, cursor);
}

async function sendToUser(context: Context, notice: Notice, user: UserId): Promise<NoticeStep> {
  const tried = new Set<SessionId>();
  let reached = { connected: 0, detached: 0 };
  for (let look = 0; look < LOOKS; look += 1) {
    const fresh = (await sessionsOfUser(context, user)).filter((session) => !tried.has(session));
    const counts = await sendTo(context, notice, fresh, { user });
    for (const session of fresh) tried.add(session);
    reached = { connected: reached.connected + counts.connected, detached: reached.detached + counts.detached };
    if (counts.connected + counts.detached === fresh.length) break;
  }
  return { ...reached, cursor: "done" };
}

async function sendToRoom(context: Context, notice: Notice, room: RoomId): Promise<NoticeStep> {
  const members = await context.store.rooms.members(room);
  return { ...(await sendTo(context, notice, members, { room })), cursor: "done" };
}

async function sendToPage(context: Context, notice: Notice, from: string): Promise<NoticeStep> {
  const { cursor, sessions } = await context.store.notices.page(context.dialect, from);
  const counts = await sendTo(context, notice, sessions, {});
  return { ...counts, cursor: cursor === "0" ? "done" : cursor };
}

async function postToFeed(
  { store, dialect, trace }: Context,
  { id, name, payload }: Notice,
  { feed }: NonNullable<Context["onlineRules"]>,
): Promise<NoticeStep> {
  const connected = await store.presence.count(dialect);
  const entry = await store.notices.post(dialect, id, writeFeedEvent({ type: "notice", name, payload }, trace), feed);
  store.feeds.noticed(dialect, entry);
  return { connected, detached: 0, entry, cursor: "done" };
}

/** Sends it to these sessions; returns how many of them have it, or had it before. */
async function sendTo(
  { store, outbox, render }: Context,
  { id, name, payload }: Notice,
  sessions: readonly SessionId[],
  only: { readonly user?: UserId; readonly room?: RoomId },
): Promise<{ connected: number; detached: number }> {
  const packet = render({ type: "notice", name, payload }) as Packet; // no dialect is silent about it
  const write = (session: SessionId) => store.notices.send(session, id, packet.text, only, packet.trace);
  const answers = await outbox.append(packet, sessions, { verb: "notify", room: only.room, write });
  const reached = answers.filter((answer) => typeof answer === "object");
  const connected = reached.filter(({ isConnected }) => isConnected).length;
  return { connected, detached: reached.length - connected };
}

/** @throws UnusableActionError */
async function checkedContext(cluster: Cluster, notice: Notice): Promise<Context> {
  const problem = checkNotice(cluster, notice);
  if (problem !== undefined) throw new UnusableActionError(problem);
  const context = await contextOf(cluster, notice.to);
  if (!context)
    throw new UnusableActionError(notice.to.kind === "room" ? "There is no such room." : noDialect(notice.to));
  return context;
}

function noDialect({ dialect }: { readonly dialect: DialectName }): string {
  return `There is no dialect ${dialect}.`;
}

function contextOf(cluster: Cluster, to: NoticeTarget): Promise<Context | undefined> | Context | undefined {
  return to.kind === "room" ? contextOfRoom(cluster, to.room) : cluster.contexts.get(to.dialect);
}
