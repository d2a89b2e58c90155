import { type TestStore, until } from "@switchyard/testkit";
import * as fc from "fast-check";
import { PairingRig } from "./pairing-rig.ts";

const PEOPLE = ["ann", "bob", "cem", "dan", "eve"];

const what = ["join", "join", "join", "leave", "drop", "comeBack", "voidOne", "voidOne", "tell", "reply"];
/** One thing that somebody does, or that happens to somebody. */
const step = fc.record({
  what: fc.constantFrom(...what, "stall", "stall", "hurry"),
  who: fc.constantFrom(...PEOPLE),
});
/** The steps, in their order. */
export const stepsOfCrowd = fc.array(step, { minLength: 5, maxLength: 40, size: "max" });
type Steps = typeof stepsOfCrowd extends fc.Arbitrary<infer T> ? T : never;

/** People who come and go while pairings are carried out, or void, and the pairer gets its replies late. */
class Crowd {
  readonly rig: PairingRig;
  readonly #numbers = new Map<string, number>();
  readonly #epochs = new Map<string, number>();

  constructor(rig: PairingRig) {
    this.rig = rig;
  }

  readonly acts: Readonly<Record<string, (who: string) => Promise<void> | void>> = {
    join: (who) => this.rig.enqueue(who, { number: this.#next(this.#numbers, who), epoch: this.#epoch(who) }),
    leave: (who) => this.rig.store.queues.dequeue(who, { queue: this.rig.queue, number: this.#number(who) }),
    drop: (who) => this.rig.setTicketConnected(who, this.#number(who), this.#epoch(who), false),
    comeBack: (who) => this.rig.setTicketConnected(who, this.#number(who), this.#next(this.#epochs, who), true),
    voidOne: () => this.#voidOne(),
    tell: () => this.rig.notified(),
    reply: () => this.rig.replies.come(1),
    stall: () => void this.rig.replies.late.add("commit").add("find"),
    hurry: () => this.rig.replies.late.clear(),
  };

  /** The step of a matchmaker that finds one of the two gone: the other is back at its old position. */
  async #voidOne(): Promise<void> {
    const [pairing] = await this.rig.pairings();
    if (!pairing) return;
    const { session, sequence, stamp } = pairing.one;
    if (stamp.number === this.#number(session)) {
      await this.rig.enqueue(
        session,
        { number: this.#next(this.#numbers, session), epoch: this.#epoch(session) },
        sequence,
      );
    }
    await this.rig.store.assignments.finish(pairing);
  }

  #number = (who: string) => this.#numbers.get(who) ?? 0;
  #epoch = (who: string) => this.#epochs.get(who) ?? 1;

  #next(counts: Map<string, number>, who: string): number {
    const next = (counts.get(who) ?? 1) + 1;
    counts.set(who, next);
    return next;
  }
}

/**
 * Lets all that happen to a crowd with a queue of its own, and the pairer then learn all that it has not learnt.
 * @throws Error if two are left waiting
 */
export async function pairCrowd(opened: TestStore, steps: Steps): Promise<void> {
  const crowd = new Crowd(new PairingRig(opened));
  const { rig } = crowd;
  try {
    await rig.pairer.begin();
    for (const { what, who } of steps) await crowd.acts[what]?.(who);
    await rig.notified();
    rig.replies.late.clear();
    rig.replies.come();
    const waiting = async () => (await rig.store.queues.load(rig.queue)).tickets.filter(({ stamp }) => stamp.connected);
    await until("all to be paired", async () => (await waiting()).length < 2);
  } finally {
    await rig.stop();
  }
}
