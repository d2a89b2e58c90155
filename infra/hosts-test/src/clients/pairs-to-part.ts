import type { ChildProcess } from "node:child_process";
import { Talker, until, type Verdict } from "@switchyard/testkit";
import type { Host } from "../hosts/host.ts";
import { firstMessage } from "../hosts/process.ts";

const PAIRS = 6;
const ways = [["websocket"], ["polling", "websocket"], ["polling"]];

/** Pairs of which one client is on a host that will be switched off: the other one has to hear that it is gone. */
export class PairsToPart {
  readonly #host: Host;
  readonly #observers: Talker[] = [];
  #leavers: ChildProcess | undefined;

  /** @param host of those who will be gone */
  constructor(host: Host) {
    this.#host = host;
  }

  /** Nobody else may be waiting for a partner meanwhile. */
  async gather(urls: readonly string[]): Promise<void> {
    this.#leavers = this.#host.startNode("clients", "infra/hosts-test/src/clients/main.ts", [], {});
    await firstMessage(this.#leavers, "the clients' host");
    for (let count = 0; count < PAIRS; count += 1) {
      const [url = "", transports = []] = [urls[count % urls.length], ways[count % ways.length]];
      const observer = new Talker(url, transports);
      this.#observers.push(observer);
      this.#leavers.send({ url, transports });
      await until("an observer to be paired", () => observer.partner !== undefined);
    }
  }

  /** Whether nobody is left who still has to hear it. */
  get isOver(): boolean {
    return this.#observers.every(({ partings }) => partings.length > 0);
  }

  /**
   * @param since when the host was switched off; Unix time in ms
   * @param boundMs by when everybody on it must be gone for everybody
   */
  judge(since: number, boundMs: number): Verdict {
    const after = this.#observers.map(({ partings: [first] }) => (first ?? Number.POSITIVE_INFINITY) - since);
    const inTime = after.filter((ms) => ms >= 0 && ms <= boundMs);
    const seconds = after.map((ms) => (ms === Number.POSITIVE_INFINITY ? "never" : (ms / 1000).toFixed(1)));
    return {
      claim: `everyone who does not come back is gone within ${boundMs / 1000} s`,
      holds: after.length > 0 && inTime.length === after.length,
      figures: `${inTime.length} of ${after.length}, after ${seconds.join(", ")} s`,
    };
  }

  leave(): void {
    for (const observer of this.#observers) observer.leave();
    this.#leavers?.kill("SIGKILL");
  }
}
