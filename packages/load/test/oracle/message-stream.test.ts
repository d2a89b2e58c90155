import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MessageStream, type ReceiptFault } from "../../src/oracle/message-stream.ts";

type Answer = "accepted" | "refused" | "unknown";

interface Sent {
  readonly answer: Answer;
  /** What is accepted arrives; the rest may. */
  readonly arrives: boolean;
}

const messages = fc.array(
  fc.record({ answer: fc.constantFrom<Answer>("accepted", "accepted", "refused", "unknown"), arrives: fc.boolean() }),
  { minLength: 2, maxLength: 40 },
);
/** In which order sending, answers and receipts go on, each of which keeps its own order. */
const interleaving = fc.array(fc.nat(2), { maxLength: 200 });

/** Plays messages 1 … n, received in the order of `receipts`. */
function play(sent: readonly Sent[], receipts: readonly number[], turns: readonly number[]) {
  const stream = new MessageStream();
  const faults: (readonly [number, ReceiptFault])[] = [];
  const done = { sent: 0, answered: 0, received: 0 };
  const send = () => {
    if (done.sent >= sent.length) return;
    done.sent += 1;
    stream.sent(done.sent);
  };
  const answer = () => {
    if (done.answered >= done.sent) return;
    done.answered += 1;
    if (sent[done.answered - 1]?.answer === "accepted") stream.acknowledged(done.answered);
    else stream.unacknowledged(done.answered);
  };
  const receive = () => {
    const number = receipts[done.received];
    if (number === undefined || number > done.sent) return;
    done.received += 1;
    const fault = stream.received(number);
    if (fault) faults.push([number, fault]);
  };
  for (const turn of turns) [send, answer, receive][turn]?.();
  for (const _ of sent) send();
  for (const _ of sent) answer();
  for (const _ of receipts) receive();
  return { faults, owed: stream.owed() };
}

const arrivals = (sent: readonly Sent[]) =>
  sent.flatMap(({ answer, arrives }, index) => (answer === "accepted" || arrives ? [index + 1] : []));
/** Makes one of the messages that arrive one that was accepted, and gives its place among the arrivals. */
const withChosen = (sent: readonly Sent[], chosen: number) => {
  const index = chosen % sent.length;
  const own = sent.with(index, { answer: "accepted", arrives: true });
  return { own, number: index + 1, receipts: arrivals(own) };
};

describe("messages of one sender to one receiver", () => {
  test("whatever is refused or open, nothing is found where what is accepted arrives once and in order", () => {
    fc.assert(
      fc.property(messages, interleaving, (sent, turns) => {
        expect(play(sent, arrivals(sent), turns)).toEqual({ faults: [], owed: [] });
      }),
    );
  });

  test("one that does not arrive is owed, and no other one", () => {
    fc.assert(
      fc.property(messages, fc.nat(), interleaving, (sent, chosen, turns) => {
        const { own, number, receipts } = withChosen(sent, chosen);
        const without = receipts.filter((one) => one !== number);
        expect(play(own, without, turns)).toEqual({ faults: [], owed: [number] });
      }),
    );
  });

  test("one that arrives again is found, at whatever distance", () => {
    fc.assert(
      fc.property(messages, fc.nat(), fc.nat(), interleaving, (sent, chosen, distance, turns) => {
        const { own, number, receipts } = withChosen(sent, chosen);
        const first = receipts.indexOf(number) + 1;
        const again = receipts.toSpliced(first + (distance % (receipts.length - first + 1)), 0, number);
        expect(play(own, again, turns)).toEqual({ faults: [[number, "doubled"]], owed: [] });
      }),
    );
  });

  test("one that arrives after a later one is found", () => {
    fc.assert(
      fc.property(messages, fc.nat(), fc.nat(), interleaving, (sent, chosen, distance, turns) => {
        const { own, number, receipts } = withChosen(sent, chosen);
        const from = receipts.indexOf(number);
        const rest = receipts.toSpliced(from, 1);
        fc.pre(from < rest.length);
        const late = rest.toSpliced(from + 1 + (distance % (rest.length - from)), 0, number);
        expect(play(own, late, turns)).toEqual({ faults: [[number, "reordered"]], owed: [] });
      }),
    );
  });

  test("one that nobody has sent is found", () => {
    const stream = new MessageStream();
    stream.sent(1);
    expect(stream.received(2)).toBe("misdelivered");
    expect(stream.received(1)).toBeUndefined();
  });
});

describe("a receiver that leaves", () => {
  test("is owed what was acknowledged before, and nothing that was acknowledged after", () => {
    const stream = new MessageStream();
    for (const number of [1, 2]) stream.sent(number);
    stream.acknowledged(1);
    stream.close();
    stream.acknowledged(2);
    stream.sent(3);
    stream.acknowledged(3);
    expect(stream.owed()).toEqual([1]);
    expect([1, 2, 3].map((number) => stream.received(number))).toEqual([undefined, undefined, undefined]);
    expect(stream.received(3)).toBe("doubled");
  });

  test("with its session, is owed nothing", () => {
    const stream = new MessageStream();
    stream.sent(1);
    stream.acknowledged(1);
    stream.void();
    expect(stream.owed()).toEqual([]);
  });

  test("what was sent before it came is neither owed nor a fault", () => {
    const stream = new MessageStream(7);
    expect([stream.received(7), stream.received(7), stream.owed()]).toEqual([undefined, undefined, []]);
  });
});
