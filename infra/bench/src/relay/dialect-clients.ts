import { randomBytes, randomUUID } from "node:crypto";
import { TokenIssuer } from "@switchyard/auth";
import { io, type ManagerOptions, type Socket, type SocketOptions } from "socket.io-client";
import type { Candidate, Clients, Side } from "./side.ts";

/** Nothing takes that long unless it hangs, not even on a busy machine. */
const PATIENCE_MS = 60_000;
const TOKENS_LAST_SECONDS = 3600;

/** The secret by which the clients and nodes of a benchmark sign and verify tokens. */
export const BENCH_SECRET = process.env["BENCH_SECRET"] ?? randomBytes(32).toString("hex");

/** How the two of a pair address each other. */
interface Pairing {
  /** The name of a candidate's event, in and out. */
  readonly event: string;
  /** The payload by which the one sends to the other, without the candidate. */
  readonly payloads: readonly [object, object];
}

/** How two clients of a dialect become each other's peers. */
interface Introduction {
  readonly namespace: string;
  readonly auth?: (user: string) => object;
  introduce(sockets: readonly [Socket, Socket], users: readonly [string, string]): Promise<Pairing>;
}

const introductions = {
  random: {
    namespace: "/random",
    introduce: async (sockets, users) => {
      const met = sockets.map((socket) => received<{ roomId: string }>(socket, "partner_found"));
      for (const [i, socket] of sockets.entries()) await request(socket, "join", { userId: users[i], type: "video" });
      const [one, two] = await Promise.all(met);
      if (one?.roomId !== two?.roomId) throw new Error(`paired with others: rooms ${one?.roomId} and ${two?.roomId}`);
      return { event: "ice_candidate", payloads: [{ roomId: one?.roomId }, { roomId: one?.roomId }] };
    },
  },
  match: {
    namespace: "/match",
    introduce: async (sockets, users) => {
      const matchId = randomUUID();
      for (const [i, socket] of sockets.entries()) await request(socket, "register", { userId: users[i], matchId });
      return { event: "ice-candidate", payloads: [{ to: users[1] }, { to: users[0] }] };
    },
  },
  calls: {
    namespace: "/calls",
    introduce: async ([one, two], users) => {
      const callId = randomUUID();
      for (const [i, socket] of [one, two].entries()) {
        await request(socket, "user-joined", { id: users[i], username: "bench", joinedAt: 0 });
      }
      await request(one, "start-call", { id: callId, participants: [], isVideo: true });
      await request(two, "join-call", { callId });
      const payloads = [
        { callId, targetUserId: users[1] },
        { callId, targetUserId: users[0] },
      ] as const;
      return { event: "webrtc-ice-candidate", payloads };
    },
  },
  rooms: {
    namespace: "/rooms",
    introduce: async (sockets) => {
      const roomId = randomUUID();
      for (const socket of sockets) await request(socket, "join-room", { roomId, userName: "bench" });
      const payloads = [{ targetId: sockets[1].id }, { targetId: sockets[0].id }] as const;
      return { event: "webrtc-ice-candidate", payloads };
    },
  },
  chat: {
    namespace: "/chat",
    auth: (user) => ({
      token: new TokenIssuer(BENCH_SECRET, TOKENS_LAST_SECONDS).issue({ sub: user, username: user, dialect: "chat" }),
    }),
    introduce: async ([one, two], users) => {
      await request(one, "call_user", { to: users[1], offer: {} });
      await request(two, "call_answer", { to: users[0], answer: {} });
      return { event: "ice_candidate", payloads: [{ to: users[1] }, { to: users[0] }] };
    },
  },
} as const satisfies Record<string, Introduction>;

export type BenchedDialect = keyof typeof introductions;

/** Stock clients of one of Switchyard's dialects. */
export function dialectClients(dialect: BenchedDialect): Clients {
  const { namespace, introduce, auth }: Introduction = introductions[dialect];
  const open = (url: string, user: string) => connect(url + namespace, auth ? { auth: auth(user) } : {});
  return {
    pair: async (firstUrl, secondUrl) => {
      const users = [randomUUID(), randomUUID()] as const;
      const sockets = [await open(firstUrl, users[0]), await open(secondUrl, users[1])] as const;
      const { event, payloads } = await introduce(sockets, users);
      return [sideOf(sockets[0], event, payloads[0]), sideOf(sockets[1], event, payloads[1])];
    },
    idle: (url) => open(url, randomUUID()),
  };
}

/** A stock client that does not come back when it is disconnected. */
export function connect(url: string, options: Partial<ManagerOptions & SocketOptions> = {}): Promise<Socket> {
  const lonely = { transports: ["websocket"], multiplex: false, reconnection: false, timeout: PATIENCE_MS };
  const socket = io(url, { ...lonely, ...options });
  return new Promise((resolve, reject) => {
    socket.once("connect", () => resolve(socket));
    socket.once("connect_error", reject);
    socket.once("disconnect", (reason) => reject(new Error(`disconnected: ${reason}`)));
  });
}

/** One side of a pair: candidates go out and come in by that event, with the other fields that the dialect requires. */
export function sideOf(socket: Socket, event: string, payload: object): Side {
  let closing = false;
  return {
    send: (candidate) => socket.emit(event, { ...payload, candidate }),
    onCandidate: (listener) => {
      socket.off(event);
      socket.on(event, ({ candidate }: { candidate: Candidate }) => listener(candidate));
    },
    onFault: (listener) => {
      socket.on("error", (refusal: unknown) => listener(`error event: ${JSON.stringify(refusal)}`));
      for (const end of ["partner_disconnected", "user-left-call", "call_ended"]) socket.on(end, () => listener(end));
      socket.on("disconnect", (reason) => closing || listener(`disconnected: ${reason}`));
    },
    close: () => {
      closing = true;
      socket.disconnect();
    },
  };
}

/** @throws Error unless the event is acknowledged as done */
export async function request(socket: Socket, event: string, payload: object): Promise<void> {
  const answer = await socket.timeout(PATIENCE_MS).emitWithAck(event, payload);
  if (answer.ok !== true) throw new Error(`${event} was refused: ${JSON.stringify(answer)}`);
}

/** Resolves with what the event brings when it comes next. */
export function received<Payload>(socket: Socket, event: string): Promise<Payload> {
  return new Promise((resolve, reject) => {
    const impatience = setTimeout(() => reject(new Error(`no ${event}`)), PATIENCE_MS);
    socket.once(event, (payload: Payload) => {
      clearTimeout(impatience);
      resolve(payload);
    });
  });
}
