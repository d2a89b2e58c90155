import { type RawSocket, type TestCluster, until } from "@switchyard/testkit";
import { from } from "./handshakes.ts";

type Answer = { readonly ok: boolean; readonly error?: { readonly code: string } };

/** A bare client on one WebSocket, with a session in any number of namespaces, one after another or at once. */
export class RawClient {
  readonly raw: RawSocket;
  #asked = 0;

  constructor(raw: RawSocket) {
    this.raw = raw;
  }

  static async open(cluster: TestCluster, node: number, address: string): Promise<RawClient> {
    return new RawClient(await cluster.rawSocket(node, undefined, from(address)));
  }

  /** Asks for a namespace. @returns the error with which it is refused, if it is */
  async connect(namespace: string, auth?: object): Promise<{ message: string; data?: unknown } | undefined> {
    const seen = this.raw.received.length;
    this.raw.sendText(`40${namespace},${auth ? JSON.stringify(auth) : ""}`);
    const answer = await until("an answer to a connect", () =>
      this.raw.received
        .slice(seen)
        .find((text) => text.startsWith(`40${namespace},`) || text.startsWith(`44${namespace},`)),
    );
    return answer.startsWith("44") ? JSON.parse(answer.slice(answer.indexOf("{"))) : undefined;
  }

  /** Ends its session there. Resolves when the namespace may be asked for again: Socket.IO closes a transport whose client doesn't wait. */
  async disconnect(namespace: string): Promise<void> {
    this.raw.sendText(`41${namespace},`);
    await this.connect("/no-such-namespace");
  }

  /** Sends that event so many times at once. @returns how many were not over a limit */
  async passed(namespace: string, event: string, times: number): Promise<number> {
    const ids = Array.from({ length: times }, () => {
      this.#asked += 1;
      this.raw.sendText(`42${namespace},${this.#asked}${JSON.stringify([event, {}])}`);
      return this.#asked;
    });
    const answers = await until("all events to be answered", () => {
      const found = ids.map((id) => this.#answerTo(namespace, id));
      return found.every((answer) => answer !== undefined) ? found : undefined;
    });
    return answers.filter((answer) => answer?.error?.code !== "rate_limited").length;
  }

  #answerTo(namespace: string, id: number): Answer | undefined {
    const head = `43${namespace},${id}[`;
    const text = this.raw.received.findLast((one) => one.startsWith(head));
    return text === undefined ? undefined : JSON.parse(text.slice(head.length - 1))[0];
  }
}
