import { randomUUID } from "node:crypto";
import { type TcpProxy, until } from "@switchyard/testkit";
import { io } from "socket.io-client";
import { expect, onTestFinished } from "vitest";
import { TimerWheel } from "../../src/wire/timer-wheel.ts";
import type { TransportKind } from "../../src/wire/transport.ts";
import { WireClient } from "../../src/wire/wire-client.ts";

/** A client, and all that it reported: `user` stands for its user id and `session` for its session's. */
export interface Subject {
  readonly user: string;
  readonly log: string[];
  readonly id: () => string | undefined;
  readonly carrier: () => string | undefined;
  readonly emit: (event: string, payload: object) => void;
  readonly disconnect: () => void;
}

/** Of the clients of a file: it starts it. */
export const wheel = new TimerWheel();

/** Ids differ from client to client, and how many are connected from moment to moment. */
function printed(value: unknown, user: string): string {
  return JSON.stringify(value)?.replaceAll(user, "user") ?? "nothing";
}

const transportsOf = { websocket: ["websocket"], polling: ["polling"], upgrade: ["polling", "websocket"] };

/** The stock client. */
export function stock(url: string, namespace = "/random", transport: TransportKind = "websocket"): Subject {
  const user = randomUUID();
  const log: string[] = [];
  const socket = io(url + namespace, { transports: transportsOf[transport], forceNew: true, auth: { echo: true } });
  socket.on("connect", () => log.push(`connect, recovered: ${socket.recovered === true}`));
  socket.on("disconnect", (reason) => log.push(`disconnect: ${reason}`));
  socket.on("connect_error", ({ message }) => log.push(socket.active ? "failed attempt" : `refused: ${message}`));
  socket.onAny((name: string, ...args) => {
    if (name !== "user_count_update") log.push(`${name} ${printed(args, user)}`);
  });
  onTestFinished(() => void socket.disconnect());
  return {
    user,
    log,
    id: () => socket.id,
    carrier: () => socket.io.engine?.transport.name,
    emit: (event, payload) =>
      void socket.emit(event, payload, (answer: unknown) => log.push(`answer to ${event}: ${printed(answer, user)}`)),
    disconnect: () => void socket.disconnect(),
  };
}

/** The load tester's. */
function own(url: string, namespace = "/random", transport: TransportKind = "websocket"): Subject {
  const user = randomUUID();
  const log: string[] = [];
  const options = { url, namespace, transport, auth: { echo: true }, wheel, random: Math.random };
  const client = new WireClient<string>(options, {
    wants: () => true,
    onConnect: (recovered) => log.push(`connect, recovered: ${recovered}`),
    onDisconnect: (reason) => log.push(`disconnect: ${reason}`),
    onRefused: (message) => log.push(`refused: ${message}`),
    onFailure: () => log.push("failed attempt"),
    onEvent: (name, args) => {
      if (name !== "user_count_update") log.push(`${name} ${printed(args, user)}`);
    },
    onAnswer: (event, answer) => {
      if (answer !== undefined) log.push(`answer to ${event}: ${printed(answer, user)}`);
    },
  });
  client.connect();
  onTestFinished(() => client.disconnect());
  return {
    user,
    log,
    id: () => client.id,
    carrier: () => client.carrier,
    emit: (event, payload) => client.emit(event, payload, event),
    disconnect: () => client.disconnect(),
  };
}

export const sees = (subject: Subject, line: RegExp, times = 1) =>
  until(`${line} in ${JSON.stringify(subject.log)}`, () => subject.log.filter((one) => line.test(one)).length >= times);

/** Plays the same with a stock client and with ours, one after the other, and compares all that they report. */
export async function compare(play: (make: typeof stock) => Promise<Subject>): Promise<readonly string[]> {
  const theirs = await play(stock);
  const ours = await play(own);
  expect(ours.log).toEqual(theirs.log);
  return ours.log;
}

/** A client that waits for a partner behind a proxy. */
export async function waiting(make: typeof stock, proxy: TcpProxy): Promise<Subject> {
  const subject = make(proxy.url);
  await sees(subject, /^connect/);
  subject.emit("join", { userId: subject.user, type: "chat" });
  await sees(subject, /^waiting_for_partner/);
  await sees(subject, /^answer to join/);
  return subject;
}
