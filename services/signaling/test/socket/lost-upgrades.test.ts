import { EventEmitter } from "node:events";
import { openRawSocket, startCluster, until } from "@switchyard/testkit";
import { expect, onTestFinished, test, vi } from "vitest";
import { closeLostUpgrades } from "../../src/socket/lost-upgrades.ts";
import { patient } from "../patient.ts";

const POLLING = "EIO=4&transport=polling";

/** A client that polls, and has begun to probe a WebSocket. */
async function probing(url: string) {
  const ask = async (query: string, init?: RequestInit) =>
    (await fetch(`${url}/socket.io/?${POLLING}${query}`, init)).text();
  const { sid } = JSON.parse((await ask("")).slice(1)) as { sid: string };
  const poll = () => ask(`&sid=${sid}`);
  const post = (body: string) =>
    ask(`&sid=${sid}`, { method: "POST", body, headers: { "content-type": "text/plain" } });
  const probe = async () => {
    const socket = await openRawSocket(Number(new URL(url).port), `EIO=4&transport=websocket&sid=${sid}`);
    onTestFinished(socket.close);
    const polled = poll();
    socket.sendText("2probe");
    await until("the probe to be answered", () => socket.received.includes("3probe"));
    await polled; // it is answered, so that the client can change over, or poll again
    return socket;
  };
  return { poll, post, probe };
}

test("a client lost between its last poll and the upgrade has its grace from that moment on", async () => {
  const cluster = await startCluster({ nodes: 1, matchmakers: 0, environment: patient });
  onTestFinished(cluster.stop);
  const { poll, post, probe } = await probing(cluster.node(0).url);
  await post("40/random,");
  const connected = await poll();
  const { sid: session } = JSON.parse(connected.slice("40/random,".length).split("\u001e")[0] ?? "") as { sid: string };
  while (!(await cluster.store.sessions.read(session))) await poll();
  const socket = await probe();
  socket.close();
  await until("its grace to begin", async () => (await cluster.store.sessions.read(session))?.deadline);
});

/** Engine.IO's part in an upgrade, step by step. */
function upgradeOf(withinMs: number) {
  const engine = new EventEmitter();
  const polling = Object.assign(new EventEmitter(), { writable: false });
  const probe = Object.assign(new EventEmitter(), { writable: true });
  const close = vi.fn();
  const connection = Object.assign(new EventEmitter(), { readyState: "open", transport: polling, close });
  closeLostUpgrades(engine as never, withinMs);
  engine.emit("connection", connection);
  connection.emit("upgrading", probe);
  return { connection, polling, probe, close };
}

test("a client stays that goes on polling, before its WebSocket closes or soon after, and one that has upgraded", () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const [pollsBefore, pollsAfter, upgraded, gone] = [upgradeOf(100), upgradeOf(100), upgradeOf(100), upgradeOf(100)];
  pollsBefore.polling.writable = true;
  upgraded.connection.transport = upgraded.probe;
  for (const { probe } of [pollsBefore, pollsAfter, upgraded, gone]) probe.emit("close");
  vi.advanceTimersByTime(99);
  pollsAfter.polling.emit("ready");
  vi.advanceTimersByTime(1000);
  for (const { close } of [pollsBefore, pollsAfter, upgraded]) expect(close).not.toHaveBeenCalled();
  expect(gone.close).toHaveBeenCalledOnce();
});
