import { createSocket, type RemoteInfo, type Socket } from "node:dgram";
import { once } from "node:events";
import { type Answer, AUTHORITATIVE_ANSWER, decode, encode, RECURSION_DESIRED } from "dns-packet";

const PORT = 53;
/** The answer's code where there is no such name (RFC 1035). */
const NO_SUCH_NAME = 3;

/** The addresses of a name; `undefined` where there is no such name. */
export type Lookup = (name: string) => readonly string[] | undefined;

interface Cached {
  readonly addresses: readonly string[] | undefined;
  readonly until: number;
}

/**
 * The cluster's name server. As CoreDNS does by default, it keeps each answer for half a minute, also one that says that
 * there is no address, and says for how long it will.
 */
export class NameServer {
  readonly #lookup: Lookup;
  readonly #cacheMs: number;
  readonly #cache = new Map<string, Cached>();
  readonly #socket: Socket = createSocket("udp4");

  constructor(lookup: Lookup, cacheMs: number) {
    this.#lookup = lookup;
    this.#cacheMs = cacheMs;
    this.#socket.on("message", (message, from) => this.#answer(message, from));
    this.#socket.on("error", () => {}); // a pod that has asked is gone
  }

  async listen(address: string): Promise<void> {
    this.#socket.bind(PORT, address);
    await once(this.#socket, "listening");
  }

  close(): void {
    this.#socket.close();
  }

  #answer(message: Buffer, { address, port }: RemoteInfo): void {
    const { id = 0, questions = [], flags = 0 } = decode(message);
    const [question] = questions;
    if (!question) return;
    const name = question.name.toLowerCase();
    const { addresses, until } = this.#cached(name);
    const ttl = Math.max(0, Math.ceil((until - performance.now()) / 1000));
    const answers: Answer[] = (question.type === "A" ? (addresses ?? []) : []).map((data) => {
      return { type: "A", name: question.name, ttl, data };
    });
    const code = addresses === undefined ? NO_SUCH_NAME : 0;
    const reply = (flags & RECURSION_DESIRED) | AUTHORITATIVE_ANSWER | code;
    this.#socket.send(encode({ type: "response", id, flags: reply, questions: [question], answers }), port, address);
  }

  #cached(name: string): Cached {
    const known = this.#cache.get(name);
    if (known && known.until > performance.now()) return known;
    const fresh = { addresses: this.#lookup(name), until: performance.now() + this.#cacheMs };
    this.#cache.set(name, fresh);
    return fresh;
  }
}
