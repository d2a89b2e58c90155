import { connect } from "@switchyard/client";
import { type Call, createCall, createMesh, LocalMedia, type Mesh } from "@switchyard/client/call";
import { calls } from "@switchyard/client/calls";
import { match } from "@switchyard/client/match";
import { draw, until } from "./two-sides.ts";

/** A page that calls by way of the client and a cluster, for tests to drive. */
const connections: RTCPeerConnection[] = [];
const statuses: string[] = [];
let negotiations = 0;
let signaling: { state: { get(): { status: string } }; reconnect(): void };
let call: Call | undefined;
let mesh: Mesh | undefined;

globalThis.RTCPeerConnection = class extends RTCPeerConnection {
  constructor(configuration?: RTCConfiguration) {
    super(configuration);
    connections.push(this);
    this.addEventListener("signalingstatechange", () => {
      if (this.signalingState === "stable") negotiations += 1;
    });
  }
};

function film(): LocalMedia {
  const local = new LocalMedia();
  local.replace("video", draw());
  return local;
}

/** A call with the other one in a match. */
export function callInMatch(url: string, matchId: string, userId: string, to: string): void {
  const connection = connect(url, { dialect: match, userId, matchId });
  const theirs = createCall(connection, { to, polite: userId < to, kinds: ["video"], local: film() });
  const note = () => {
    const { status } = theirs.state.get();
    if (status !== statuses.at(-1)) statuses.push(status);
  };
  note();
  theirs.state.subscribe(note);
  signaling = connection;
  call = theirs;
}

/** A group call; the first one starts it. Resolves when the person is in it. */
export async function callInGroup(url: string, callId: string, userId: string, isFirst: boolean): Promise<void> {
  const user = { id: userId, username: userId };
  const connection = connect(url, { dialect: calls, userId, userName: userId });
  const ours = createMesh(connection, { ownId: userId, room: callId, kinds: ["video"], local: film() });
  connection.on("call-participants", ({ participants }) => ours.enter(participants.map(({ id }) => id)));
  connection.on("user-joined-call", ({ user: { id } }) => ours.joined(id));
  connection.on("user-left-call", ({ userId: id }) => ours.left(id));
  signaling = connection;
  mesh = ours;
  if (isFirst) await connection.send("start-call", { id: callId, initiator: user, participants: [], isVideo: true });
  else await connection.send("join-call", { callId, user });
}

/** Waits until the signaling is back in the session of before. */
export async function recovered(): Promise<void> {
  await until(() => signaling.state.get().status === "recovered");
}

/** Waits until every other one is seen to move: `frames` more pictures of each. */
export async function moves(others: number, frames: number): Promise<boolean> {
  const decoded = async () => {
    const live = connections.filter(({ connectionState }) => connectionState === "connected");
    const counts = await Promise.all(live.map(framesDecoded));
    return counts.length === others ? counts : null;
  };
  let before: number[] | null = null;
  await until(async () => {
    before ??= await decoded();
    return before !== null;
  });
  await until(async () => {
    const now = await decoded();
    return now?.every((count, index) => count >= (before?.[index] ?? 0) + frames) ?? false;
  });
  return true;
}

async function framesDecoded(connection: RTCPeerConnection): Promise<number> {
  let frames = 0;
  for (const entry of (await connection.getStats()).values()) {
    if (entry.type === "inbound-rtp") frames += entry.framesDecoded ?? 0;
  }
  return frames;
}

export const negotiated = (): number => negotiations;
export const seenStatuses = (): string[] => [...statuses];
export const participants = (): string[] => Object.keys(mesh?.state.get().calls ?? {}).sort();

export function leave(): void {
  call?.close();
  mesh?.close();
}
