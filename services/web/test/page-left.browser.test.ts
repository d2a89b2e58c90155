import { pairClients, type TestClient, until } from "@switchyard/testkit";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { describeOnStage, type Stage } from "./browser/stage.ts";

/** What a stock client's script makes of a page. */
declare const io: (
  url: string,
  options: object,
) => {
  emitWithAck(event: string, content: object): Promise<{ readonly ok: boolean }>;
};

/** A page with a stock client that knows of no goodbye, paired with somebody. */
async function comesWith(partner: TestClient, { person, cluster }: Stage): Promise<Page> {
  const { url } = cluster().node(0);
  const { page: tab } = await person("#/chat", null);
  await tab.goto(`${url}/healthz`);
  await tab.addScriptTag({ url: `${url}/socket.io/socket.io.js` });
  await partner.join();
  await partner.receive("waiting_for_partner");
  const answer = await tab.evaluate((url) => {
    const socket = io(`${url}/random`, { transports: ["websocket"] });
    return socket.emitWithAck("join", { userId: crypto.randomUUID(), type: "chat" });
  }, url);
  expect(answer.ok).toBe(true);
  await partner.receive("partner_found");
  return tab;
}

describeOnStage(
  "a page that never says goodbye",
  (stage) => {
    test.for([
      ["its tab is closed", (tab: Page) => tab.close()],
      ["another page is opened in its tab", (tab: Page, url: string) => tab.goto(`${url}/readyz`)],
    ] as const)("is gone soon after %s, and somebody whose connection broke before is not", async ([, leave]) => {
      const cluster = stage.cluster();
      const [broken, other, partner] = await Promise.all([0, 1, 1].map((node) => cluster.connect(node)));
      if (!broken || !other || !partner) throw new Error("nobody is there");
      await pairClients(broken, other);
      const tab = await comesWith(partner, stage);
      broken.socket.io.reconnection(false);
      const { id = "" } = broken.socket;
      broken.cut();
      await until("its grace", async () => (await cluster.store.sessions.read(id))?.deadline);
      await leave(tab, cluster.node(0).url);
      expect(await partner.receive("partner_disconnected")).toEqual({});
      await other.caughtUp();
      expect(other.unread()).toEqual([]);
      broken.socket.connect();
      await broken.connected(2);
      expect(broken.socket.recovered).toBe(true);
    });
  },
  { environment: { PAGE_LEFT_GRACE_MS: 500 } },
);
