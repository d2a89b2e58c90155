import { expect, test } from "vitest";
import { type LinkEvent, noLink, reduceLink } from "../src/shared/connection/link.ts";

function after(...events: LinkEvent[]) {
  return events.reduce(reduceLink, noLink);
}

const connected = { type: "connected", socketId: "a", recovered: false, transport: "polling" } as const;

test("the first connection is no reconnect", () => {
  const link = after(connected, { type: "transport", name: "websocket" });
  expect(link).toMatchObject({ state: "connected", transport: "websocket", reconnects: 0 });
  expect([link.recovered, link.sameSocketId]).toEqual([null, null]);
});

test("a recovered reconnect keeps the socket id", () => {
  const link = after(connected, { type: "dropped" }, { ...connected, recovered: true });
  expect(link).toMatchObject({ state: "connected", reconnects: 1, recovered: true, sameSocketId: true });
});

test("a reconnect that starts anew says so, and the last one counts", () => {
  const recovered = { ...connected, recovered: true };
  const link = after(connected, { type: "dropped" }, recovered, { type: "dropped" }, { ...connected, socketId: "b" });
  expect(link).toMatchObject({ reconnects: 2, recovered: false, sameSocketId: false });
});

test("a drop before the first connection is still connecting; the nodes stay known over a drop", () => {
  expect(after({ type: "dropped" }).state).toBe("connecting");
  const located = { type: "located", node: "n1", partnerNode: "n2" } as const;
  const link = after(connected, located, { type: "dropped" });
  expect(link).toMatchObject({ state: "reconnecting", transport: null, node: "n1", partnerNode: "n2" });
});
