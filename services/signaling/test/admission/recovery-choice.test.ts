import type { Socket } from "socket.io";
import { expect, test } from "vitest";
import { wantsRecovery } from "../../src/admission/recovery-choice.ts";

interface Shown {
  readonly agent?: string;
  readonly query?: Record<string, string>;
  readonly auth?: Record<string, unknown>;
}

const choiceOf = ({ agent, query = {}, auth = {} }: Shown) => {
  const headers = agent === undefined ? {} : { "user-agent": agent };
  return wantsRecovery({ handshake: { auth, query, headers } as unknown as Socket["handshake"] });
};

test.each<[string, Shown]>([
  ["python-socketio on asyncio", { agent: "Python/3.11 aiohttp/3.8.4" }],
  ["python-socketio by polling", { agent: "python-requests/2.28.1", query: { t: "1796032533.9773467" } }],
  ["python-socketio over a WebSocket", { query: { t: "1796032531.0270412" } }],
  ["Flutter's client", { agent: "Dart/3.5 (dart:io)" }],
  ["any client that says so in its query", { agent: "Mozilla/5.0", query: { recovery: "off" } }],
  ["any client that says so when it connects", { agent: "Mozilla/5.0", auth: { recovery: false } }],
])("%s is sent no offsets", (_, shown) => {
  expect(choiceOf(shown)).toBe(false);
});

test.each<[string, Shown]>([
  [
    "Chrome",
    { agent: "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36" },
  ],
  [
    "Firefox, by polling",
    { agent: "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", query: { t: "3eeu2g20" } },
  ],
  ["a page about Python or Dart", { agent: "Mozilla/5.0 PyCharm Python/3.11 aiohttp/3.8 Dart/3.5 (dart:io)" }],
  ["Node over a WebSocket, which names no agent", {}],
  ["Node by polling", { agent: "node-XMLHttpRequest", query: { t: "PQ7YvZz.0" } }],
  ["React Native on Android", { agent: "okhttp/4.9.2" }],
  ["React Native on iOS", { agent: "Meet/1 CFNetwork/1494.0.7 Darwin/23.4.0" }],
  ["a Python client that says it can", { agent: "Python/3.13 aiohttp/4.0", auth: { recovery: true } }],
  ["a Flutter client that says it can", { agent: "Dart/3.9 (dart:io)", query: { recovery: "on" } }],
])("%s is sent what it needs to recover", (_, shown) => {
  expect(choiceOf(shown)).toBe(true);
});
