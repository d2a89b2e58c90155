import { expect, test } from "vitest";
import { Ledger } from "../../src/crowd/ledger.ts";

/** Takes `count` numbers, each acknowledged at ten times itself. */
function ledgerOf(count: number): Ledger {
  const ledger = new Ledger();
  for (let sent = 0; sent < count; sent += 1) {
    const number = ledger.take();
    ledger.acknowledge(number, number * 10);
  }
  return ledger;
}

test("what arrived once and in order is neither lost, doubled nor out of order", () => {
  const ledger = ledgerOf(3);
  for (const number of [1, 2, 3]) ledger.receive(number);
  expect(ledger).toMatchObject({ sent: 3, acknowledged: 3, received: 3, doubled: 0, reordered: 0 });
  expect(ledger.missing()).toEqual([]);
});

test("what was acknowledged and did not arrive is missing, with the time of its acknowledgement", () => {
  const ledger = ledgerOf(3);
  ledger.receive(1);
  expect(ledger.missing()).toEqual([20, 30]);
});

test("what was not acknowledged may arrive or not", () => {
  const ledger = new Ledger();
  ledger.take();
  ledger.receive(ledger.take());
  expect(ledger.missing()).toEqual([]);
  expect(ledger).toMatchObject({ sent: 2, acknowledged: 0, received: 1 });
});

test("a message that comes again is doubled, one that comes after a later one is out of order", () => {
  const ledger = ledgerOf(3);
  for (const number of [1, 3, 2, 3]) ledger.receive(number);
  expect(ledger).toMatchObject({ doubled: 1, reordered: 1, received: 3 });
});

test("is active in the times of its acknowledgements, their ends included", () => {
  const ledger = ledgerOf(2);
  expect(ledger.isActiveIn({ from: 20, to: 25 })).toBe(true);
  expect(ledger.isActiveIn({ from: 11, to: 19 })).toBe(false);
});
