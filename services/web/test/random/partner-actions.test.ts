import { beforeEach, expect, test } from "vitest";
import { PartnerActions } from "../../src/dialects/random/partner-actions.ts";
import { reduce } from "../../src/dialects/random/reducer.ts";
import type { RandomConnection } from "../../src/dialects/random/signals.ts";
import { initialState, type RandomEvent, type RandomState } from "../../src/dialects/random/state.ts";
import { createStore, type Store } from "../../src/shared/store.ts";

const choice = { type: "chat", preferences: {} } as const;
const found = { roomId: "r1", partnerId: "p", type: "chat", initiator: true } as const;
const grounds = { category: "spam", reason: "buy this" } as const;
const sent: unknown[] = [];
const left: string[] = [];
let answer: () => Promise<object>;
let store: Store<RandomState, RandomEvent>;
let actions: PartnerActions;

beforeEach(() => {
  sent.length = 0;
  left.length = 0;
  answer = async () => ({ ok: true, reportId: "1" });
  const ask = (...event: unknown[]) => {
    sent.push(event);
    return answer();
  };
  store = createStore(reduce, initialState("me"));
  actions = new PartnerActions({ ask } as unknown as RandomConnection, store, (roomId) => void left.push(roomId));
  store.dispatch({ type: "chosen", choice });
  store.dispatch({ type: "partner_found", found: { ...found, sharedInterests: [], isRepeatConnection: false } });
});

test("a report in the room ends it, and nobody is left to be reported", async () => {
  expect(store.get().reportable).toBe("r1");
  expect(await actions.report("r1", grounds)).toBeNull();
  expect([sent, left]).toEqual([[["report_user", { roomId: "r1", ...grounds }]], ["r1"]]);
  expect(store.get()).toMatchObject({
    reportable: null,
    phase: { name: "ended", why: "blocked" },
    notice: expect.stringMatching(/operators/),
  });
});

test("the last partner can be reported by a person who goes on, who stays where it is", async () => {
  store.dispatch({ type: "asked-next" });
  expect(store.get().reportable).toBe("r1");
  expect(await actions.report("r1", grounds)).toBeNull();
  expect(store.get()).toMatchObject({ reportable: null, phase: { name: "waiting" } });
  expect(left).toEqual([]);
});

test("a report that is refused, or whose answer does not come, changes nothing and says why", async () => {
  answer = async () => ({ ok: false, error: { code: "rate_limited", message: "", retryAfterMs: 2000 } });
  expect(await actions.report("r1", grounds)).toMatch(/Try again in 2 s/);
  answer = () => Promise.reject(new Error("disconnected"));
  expect(await actions.report("r1", grounds)).toMatch(/connection was lost/);
  expect(store.get()).toMatchObject({ reportable: "r1", phase: { name: "room" } });
});

test("a new session has met nobody", () => {
  store.dispatch({ type: "connected", socketId: "s2", recovered: false, transport: null });
  expect(store.get().reportable).toBeNull();
});
