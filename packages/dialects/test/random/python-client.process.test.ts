import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { skipCaller, startCluster, type TestCluster, until } from "@switchyard/testkit";
import { beforeAll, expect, test } from "vitest";
import { patient } from "../patient.ts";

const run = promisify(execFile);
/** The system's own, which its packages are for. */
const PYTHON = "/usr/bin/python3";
const script = fileURLToPath(new URL("python-client.py", import.meta.url));
const MESSAGES = Array.from({ length: 10 }, (_, i) => i);

let cluster: TestCluster;
beforeAll(async () => {
  const isThere = await run(PYTHON, ["-c", "import socketio, requests, websocket"]).then(
    () => true,
    () => false,
  );
  if (!isThere) await skipCaller("the system's Python has no socketio with requests and websocket (python3-socketio)");
  cluster = await startCluster({ environment: patient });
  return cluster.stop;
});

test.each(["websocket", "polling"])(
  "python-socketio over %s: pairs, ten messages each way, leaves",
  async (transport) => {
    const partner = await cluster.connect(1);
    const user = `${partner.user}-python`;
    const python = run(PYTHON, [script, cluster.node(0).url, transport, user], { timeout: 150_000 });
    const failed = python.then(
      () => undefined,
      (error: unknown) => error,
    );
    await partner.join();
    const found = await until("a partner", async () => {
      const event = partner.received.find(({ name }) => name === "partner_found");
      return event?.args[0] as { roomId: string; partnerId: string } | undefined;
    });
    expect(found.partnerId).toBe(user);
    for (const i of MESSAGES) {
      const message = { roomId: found.roomId, message: `from Node ${i}` };
      expect(await partner.request("send_message", message)).toMatchObject({ ok: true });
    }
    expect(await failed).toBeUndefined();
    const { stdout, stderr } = await python;
    expect(stderr).not.toContain("Error");
    // each message has a thread of its own there
    expect((JSON.parse(stdout) as string[]).toSorted()).toEqual(MESSAGES.map((i) => `from Node ${i}`));
    await until("it to have left", () => partner.received.some(({ name }) => name === "partner_disconnected"));
    const texts = partner.received.flatMap(({ name, args }) => (name === "new_message" ? args : [])) as {
      readonly sender: string;
      readonly text: string;
    }[];
    const fromPython = texts.filter(({ sender }) => sender === user).map(({ text }) => text);
    expect(fromPython).toEqual(MESSAGES.map((i) => `from Python ${i}`));
    partner.leave();
  },
);
