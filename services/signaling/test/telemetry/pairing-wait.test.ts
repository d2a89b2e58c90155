import { startCluster, type TestClient, type TestCluster } from "@switchyard/testkit";
import { afterEach, beforeAll, expect, test } from "vitest";
import { patient } from "../patient.ts";

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster({ environment: patient });
  return cluster.stop;
});
afterEach(() => cluster.empty());

type Queue = "chat" | "video";

/** The measurements of a queue at both nodes until now. */
async function measured(queue: Queue): Promise<{ counts: number[]; seconds: number }> {
  const figure = (part: string) =>
    Promise.all(
      cluster.nodes.map((node) =>
        node.metric(`switchyard_pairing_wait_seconds_${part}\\{[^}]*queue="${queue}"[^}]*\\}`),
      ),
    );
  const sums = await figure("sum");
  return { counts: await figure("count"), seconds: sums.reduce((all, sum) => all + sum, 0) };
}

/** The measurements of a queue at both nodes while something is done. */
async function measure(queue: Queue, act: () => Promise<unknown>): Promise<{ counts: number[]; seconds: number }> {
  const before = await measured(queue);
  await act();
  const after = await measured(queue);
  return { counts: after.counts.map((n, i) => n - (before.counts[i] ?? 0)), seconds: after.seconds - before.seconds };
}

const found = (...clients: readonly TestClient[]) =>
  Promise.all(clients.map((client) => client.receive("partner_found")));
const now = () => performance.now() / 1000;

async function wait(client: TestClient, type: Queue): Promise<void> {
  expect(await client.join({ type })).toEqual({ ok: true });
  await client.receive("waiting_for_partner");
}

test("each node measures those whom it holds, from their request to their partner", async () => {
  const [ann, bob] = [await cluster.connect(0), await cluster.connect(1)];
  let [from, to] = [0, 0];
  const { counts, seconds } = await measure("chat", async () => {
    await wait(ann, "chat");
    from = now();
    for (let i = 0; i < 5; i += 1) await wait(ann, "chat"); // the same again is only the reply again
    to = now();
    await bob.join();
    await found(ann, bob);
  });
  expect(counts).toEqual([1, 1]);
  expect(seconds).toBeGreaterThan(to - from);
});

test("who stopped waiting and waits again has not waited meanwhile", async () => {
  const [ann, bob] = [await cluster.connect(0), await cluster.connect(1)];
  await wait(ann, "chat");
  for (const began = now(); now() < began + 0.7; ) expect(await ann.request("leave_queue", {})).toEqual({ ok: true });
  let [from, to] = [0, 0];
  const { counts, seconds } = await measure("chat", async () => {
    from = now();
    await wait(ann, "chat");
    await bob.join();
    await found(ann, bob);
    to = now();
  });
  expect(counts).toEqual([1, 1]);
  expect(seconds).toBeLessThan(2 * (to - from)); // both together
});

test("who came back meanwhile, be it to another node, counts nowhere; the next wait does", async () => {
  const [proxy, bob] = [await cluster.proxy(0), await cluster.connect(1)];
  const ann = await cluster.connect(proxy);
  await wait(ann, "video");
  proxy.routeTo(cluster.node(1).port);
  const { counts } = await measure("video", async () => {
    ann.cut();
    await ann.connected(2);
    await wait(ann, "video"); // as stock clients do on every `connect`
    await bob.join({ type: "video" });
    await found(ann, bob);
  });
  expect(counts).toEqual([0, 1]);
  const next = await measure("video", async () => {
    expect(await ann.request("next", {})).toEqual({ ok: true });
    await ann.receive("waiting_for_partner");
    await bob.receive("partner_disconnected");
    const cem = await cluster.connect(0);
    await cem.join({ type: "video" });
    await found(ann, cem);
  });
  expect(next.counts).toEqual([1, 1]);
});
