import { createHmac, randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { type ClientOptions, type TcpProxy, TestClient, type TestCluster } from "@switchyard/testkit";

type Act = (client: TestClient) => Promise<{ readonly ok: boolean }>;

const ROOMS = 4;
const USERS = 20;
const MOST_ACTS = 12;
const MOST_PAUSE_MS = 60;
/** How often it drops, of all that somebody does. */
const DROPS = 0.1;
/** How often somebody waits until it is connected: before it does anything, and before it leaves. */
const WAITS = 0.8;
/** How often the door leads elsewhere: so whoever drops comes back to another node. */
const TURN_MS = 15;

/** People who come, say something, drop, go on at another node, take one another's place and leave, as fast as they can. */
export class Crowd {
  readonly #cluster: TestCluster;
  readonly #proxy: TcpProxy;
  readonly #turning: NodeJS.Timeout;
  readonly #lives: readonly Promise<void>[];
  #isOver = false;
  /** How much they have done that was not refused. */
  done = 0;
  /** How often somebody went on where it had been. */
  resumed = 0;

  private constructor(cluster: TestCluster, proxy: TcpProxy, people: number, secret: string) {
    this.#cluster = cluster;
    this.#proxy = proxy;
    this.#turning = setInterval(() => this.#turn(), TURN_MS);
    const kinds = [random, match, rooms, calls, chat(secret)];
    this.#lives = Array.from({ length: people }, (_, i) => this.#live(kinds[i % kinds.length] as Kind));
  }

  /** @param secret by which the nodes know tokens */
  static async gather(cluster: TestCluster, people: number, secret: string): Promise<Crowd> {
    return new Crowd(cluster, await cluster.proxy(0), people, secret);
  }

  /** All leave, in the middle of what they do. */
  async end(): Promise<void> {
    this.#isOver = true;
    await Promise.all(this.#lives);
    clearInterval(this.#turning);
  }

  #turn(): void {
    if (this.#cluster.nodes.length > 0) this.#proxy.routeTo(pick(this.#cluster.nodes).port);
  }

  async #live({ namespace, options, acts }: Kind): Promise<void> {
    while (!this.#isOver) {
      const client = new TestClient(this.#proxy.url, { namespace, ...options() });
      client.socket.on("connect", () => {
        if (client.socket.recovered) this.resumed += 1;
      });
      await this.#mayConnect(client);
      for (let i = 0; i < MOST_ACTS && !this.#isOver; i += 1) {
        await wait(Math.random() * MOST_PAUSE_MS);
        if (Math.random() < DROPS) client.cut();
        else void this.#act(client, pick(acts));
      }
      await this.#mayConnect(client);
      client.leave();
    }
  }

  /** On a slow machine all would leave before they are connected, or back, and nothing would come of what they do. */
  async #mayConnect({ socket }: TestClient): Promise<void> {
    const waits = Math.random() < WAITS;
    while (waits && !socket.connected && !this.#isOver) await wait(MOST_PAUSE_MS);
  }

  async #act(client: TestClient, act: Act): Promise<void> {
    try {
      if ((await act(client)).ok) this.done += 1;
    } catch {
      // it left before it was answered
    }
  }
}

interface Kind {
  readonly namespace: string;
  readonly options: () => ClientOptions;
  readonly acts: readonly Act[];
}

const nothing = () => ({});
const pick = <T>(some: readonly T[]): T => some[Math.floor(Math.random() * some.length)] as T;
/** Some of them are the same people, so that they take one another's place. */
const someUser = (): string => `user-${Math.floor(Math.random() * USERS)}`;
const someRoom = (): string => `room-${Math.floor(Math.random() * ROOMS)}`;
const asks =
  (event: string, content: () => unknown): Act =>
  (client) =>
    client.request(event, content());

const random: Kind = {
  namespace: "/random",
  options: nothing,
  acts: [
    asks("join", () => ({ userId: someUser(), type: "chat" })),
    asks("join", () => ({ userId: randomUUID(), type: "video" })),
    asks("next", () => ({})),
    asks("leave_queue", () => ({})),
    (client) => {
      const found = client.received.findLast(({ name }) => name === "partner_found")?.args[0] as
        | { roomId: string }
        | undefined;
      return client.request("leave_room", { roomId: found?.roomId ?? randomUUID() });
    },
  ],
};

const match: Kind = {
  namespace: "/match",
  options: nothing,
  acts: [asks("register", () => ({ userId: someUser(), matchId: someRoom() })), asks("end-call", () => ({}))],
};

const rooms: Kind = {
  namespace: "/rooms",
  options: nothing,
  acts: [
    asks("join-room", () => ({ roomId: someRoom(), userName: "Ann" })),
    asks("leave-room", () => ({ roomId: someRoom() })),
    asks("toggle-audio", () => ({ roomId: someRoom(), isAudioMuted: Math.random() < 0.5 })),
    asks("send-message", () => ({ roomId: someRoom(), message: "Hello!" })),
  ],
};

const calls: Kind = {
  namespace: "/calls",
  options: nothing,
  acts: [
    asks("user-joined", () => ({ id: someUser(), username: "Ann" })),
    asks("start-call", () => ({ id: someRoom(), initiator: "x", participants: [someUser()], isVideo: true })),
    asks("join-call", () => ({ callId: someRoom() })),
    asks("leave-call", () => ({ callId: someRoom() })),
  ],
};

const chat = (secret: string): Kind => ({
  namespace: "/chat",
  options: () => ({ auth: { token: tokenFor(someUser(), secret) } }),
  acts: [
    asks("send_message", () => ({ text: "Hello!" })),
    asks("call_user", () => ({ to: someUser(), offer: { type: "offer", sdp: "v=0" } })),
    asks("end_call", () => ({ to: someUser() })),
  ],
});

/** HS256 (JWS, RFC 7515), good for an hour. */
function tokenFor(user: string, secret: string): string {
  const exp = Math.floor(Date.now() / 1000) + 3600;
  const parts = [
    { alg: "HS256", typ: "JWT" },
    { sub: user, username: user, exp },
  ].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"));
  const text = parts.join(".");
  return `${text}.${createHmac("sha256", secret).update(text).digest("base64url")}`;
}
