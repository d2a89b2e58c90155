import type { NodeId } from "@switchyard/protocol";
import { answers } from "@switchyard/runtime";
import { type Channels, keys } from "@switchyard/store";
import type { Redis } from "ioredis";

const PROBE_MS = 1000;
/** How long an answer is good for: many may ask at once. */
const FRESH_MS = 200;
const NO_ANSWER = "Redis does not answer";

/** Whether a node can do its work: Redis answers, what it publishes comes back to it, and it is not draining. */
export class Readiness {
  readonly #redis: Redis;
  readonly #channels: Channels;
  readonly #channel: string;
  readonly #isCurrent: () => boolean;
  readonly #waiting = new Map<string, () => void>();
  /** Whether it has let its clients go because only it can't reach Redis: until its lease is renewed. */
  isCutOff = false;
  #draining = false;
  #sent = 0;
  #probe: { readonly at: number; readonly problem: Promise<string | undefined> } | undefined;

  /** @param isCurrent whether the node may act for all of its sessions */
  constructor(redis: Redis, channels: Channels, node: NodeId, isCurrent: () => boolean) {
    this.#isCurrent = isCurrent;
    this.#redis = redis;
    this.#channels = channels;
    this.#channel = keys.nodeProbe(node);
  }

  async begin(): Promise<void> {
    await this.#channels.listen(this.#channel, (text) => this.#waiting.get(text)?.());
  }

  /** From now on it is not ready, for good. */
  drain(): void {
    this.#draining = true;
  }

  get draining(): boolean {
    return this.#draining;
  }

  /** Why it is not ready; `undefined` if it is. */
  async problem(): Promise<string | undefined> {
    if (this.#draining) return "draining";
    if (this.isCutOff) return "only this node can't reach Redis";
    const now = performance.now();
    if (!this.#probe || now - this.#probe.at > FRESH_MS) this.#probe = { at: now, problem: this.#roundTrip() };
    return this.#probe.problem;
  }

  /** A Redis that hangs is noticed by the time, long before its connection is given up. */
  async #roundTrip(): Promise<string | undefined> {
    const text = String(++this.#sent);
    let missing = NO_ANSWER;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<string>((resolve) => {
      timer = setTimeout(() => resolve(missing), PROBE_MS);
    });
    const back = new Promise<undefined>((resolve) => this.#waiting.set(text, () => resolve(undefined)));
    const asked = this.#publish(text).then((isAnswered) => {
      if (!isAnswered) return NO_ANSWER;
      missing = "a published message did not come back";
      return back;
    });
    try {
      const problem = await Promise.race([asked, late]);
      return problem ?? (this.#isCurrent() ? undefined : "sessions are still being compared with Redis");
    } finally {
      clearTimeout(timer);
      this.#waiting.delete(text);
    }
  }

  /** Whether Redis answered. */
  async #publish(text: string): Promise<boolean> {
    try {
      await this.#redis.spublish(this.#channel, text);
      return await answers(this.#redis);
    } catch {
      return false;
    }
  }
}
