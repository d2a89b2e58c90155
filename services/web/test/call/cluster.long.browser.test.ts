import { randomUUID } from "node:crypto";
import { fileURLToPath } from "node:url";
import { type ServiceProcess, startProcessCluster, type TcpProxy, type TestCluster } from "@switchyard/testkit";
import type { Page } from "playwright-core";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { testWithBrowsers } from "../browser/browsers.ts";
import { bundled } from "../browser/bundled.ts";
import { findChromium } from "../browser/chromium.ts";

const STORY = "calls of the client's, over nodes that die";
const source = fileURLToPath(new URL("../browser/in-page/caller.ts", import.meta.url));
const chromium = findChromium();

declare const caller: typeof import("../browser/in-page/caller.ts");

interface Caller {
  readonly page: Page;
  readonly proxy: TcpProxy;
  readonly name: string;
}

if ("path" in chromium) describe(STORY, { timeout: 600_000 }, describeCalls);
else test(STORY, ({ skip }) => skip(chromium.missing));

function describeCalls(): void {
  let cluster: TestCluster<ServiceProcess>;
  let open: (node: number, name: string) => Promise<Caller>;
  const callers: Caller[] = [];

  testWithBrowsers.beforeAll(async ({ browsers }) => {
    const content = await bundled(source, "caller");
    const environment = { RECONNECT_GRACE_MS: 120_000, LEASE_MS: 10_000, CORS_ORIGIN: "*" };
    cluster = await startProcessCluster({ environment, nodes: 4, matchmakers: 0 });
    open = async (node, name) => {
      const proxy = await cluster.proxy(node);
      const page = await (await browsers.shared("given")).newPage({ bypassCSP: true });
      callers.push({ page, proxy, name });
      await page.goto(`${proxy.url}/healthz`);
      await page.addScriptTag({ content });
      return { page, proxy, name };
    };
  });

  afterEach(async () => {
    for (const { page, proxy } of callers.splice(0)) {
      await page.close();
      await proxy.close();
    }
  });

  afterAll(() => cluster?.stop());

  async function pair(nodes: readonly [number, number]): Promise<[Caller, Caller]> {
    const matchId = randomUUID();
    const both: [Caller, Caller] = [await open(nodes[0], "ada"), await open(nodes[1], "bob")];
    for (const { page, proxy, name } of both) {
      const to = name === "ada" ? "bob" : "ada";
      await page.evaluate(([url, id, self, other]) => caller.callInMatch(url, id, self, other), [
        proxy.url,
        matchId,
        name,
        to,
      ] as const);
    }
    await Promise.all(both.map(({ page }) => page.evaluate(() => caller.moves(1, 10))));
    return both;
  }

  const goesTo = ({ proxy }: Caller, node: number) => {
    proxy.routeTo(cluster.node(node).port);
    proxy.cut();
  };

  test("a node is killed in the midst of a call: nothing is negotiated again, and the pictures go on", async () => {
    const both = await pair([0, 1]);
    const negotiated = () => Promise.all(both.map(({ page }) => page.evaluate(() => caller.negotiated())));
    const before = await negotiated();
    await cluster.node(1).kill();
    goesTo(both[1], 0);
    const goOn = Promise.all(both.map(({ page }) => page.evaluate(() => caller.moves(1, 50))));
    await both[1].page.evaluate(() => caller.recovered());
    await goOn;
    await Promise.all(both.map(({ page }) => page.evaluate(() => caller.moves(1, 10))));
    expect(await negotiated()).toEqual(before);
    for (const { page } of both) {
      expect(await page.evaluate(() => caller.seenStatuses())).toEqual(["connecting", "connected"]);
    }
  });

  test("six in a group call over three nodes, one of which is killed: all fifteen pairs see each other", async () => {
    const callId = randomUUID();
    const nodes = [0, 2, 3];
    const six: Caller[] = [];
    for (let index = 0; index < 6; index += 1) six.push(await open(nodes[index % 3] ?? 0, `p${index}`));
    for (const [index, { page, proxy, name }] of six.entries()) {
      await page.evaluate(([url, id, self, isFirst]) => caller.callInGroup(url, id, self, isFirst), [
        proxy.url,
        callId,
        name,
        index === 0,
      ] as const);
    }
    await cluster.node(3).kill(); // while the last of them are still being connected
    for (const index of [2, 5]) goesTo(six[index] as Caller, 0);
    expect(await Promise.all(six.map(({ page }) => page.evaluate(() => caller.moves(5, 10))))).toEqual(
      six.map(() => true),
    );
    for (const { page, name } of six) {
      const others = six.map((other) => other.name).filter((other) => other !== name);
      expect(await page.evaluate(() => caller.participants())).toEqual(others);
    }
  });
}
