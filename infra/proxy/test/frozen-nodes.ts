import { until } from "@switchyard/testkit";
import { io as connect } from "socket.io-client";
import { afterEach, expect, test } from "vitest";
import { enterAll, handshake, whoAnswers } from "./clients.ts";
import { type NodeProcess, startNodeProcesses } from "./node-process.ts";

/** Opens a reverse proxy before these nodes, and resolves to its URL; a node that is silent for ten seconds is dead. */
export type OpenBefore = (nodes: readonly NodeProcess[], toClose: (() => unknown)[]) => Promise<string>;

const ways = [["polling"], ["websocket"], ["polling", "websocket"]].map((transports) => {
  return { way: transports.join(" then "), transports };
});

/** A node whose process stands still closes nothing, accepts everything, and answers nothing. */
export function describeFrozenNodes(host: () => Promise<string> | string, openBefore: OpenBefore): void {
  const toClose: (() => unknown)[] = [];
  afterEach(async () => {
    for (const close of toClose.splice(0).reverse()) await close();
  });
  const open = async () => {
    const nodes = await startNodeProcesses(2, await host(), toClose);
    const [frozen] = nodes as readonly [NodeProcess, NodeProcess];
    return { frozen, url: await openBefore(nodes, toClose) };
  };

  /** What a session that polls has open. */
  const poll = (url: string, sid: string) => fetch(`${url}/socket.io/?EIO=4&transport=polling&sid=${sid}`);

  /** A stock client, which comes again if it is refused; resolves to the name of its node. */
  const enterPatiently = (url: string, transports: string[]) =>
    new Promise<string>((resolve) => {
      const socket = connect(url, { transports, forceNew: true });
      toClose.push(() => socket.disconnect());
      socket.once("hello", resolve);
    });

  test.for(ways)(
    "new clients by $way are let in by the other one while it stands still, and by both after",
    async ({ transports }) => {
      const { frozen, url } = await open();
      const sids = [await handshake(url), await handshake(url)];
      frozen.freeze();
      const held = Promise.all(sids.map((sid) => poll(url, sid))).then(() => "what it holds is cut");
      const names = await Promise.all(Array.from({ length: 6 }, () => enterPatiently(url, transports)));
      expect(names).toEqual(names.map(() => "node-2"));
      expect(await Promise.race([held, "before"])).toBe("before");
      for (let visit = 0; visit < 3; visit += 1) expect(await whoAnswers(url)).toBe("node-2");
      frozen.thaw();
      await until("it to take clients again", async () => (await enterPatiently(url, transports)) === "node-1");
    },
  );

  test("what it holds is cut: a WebSocket, and a poll; what the other one holds is not", async () => {
    const { frozen, url } = await open();
    const sids = [await handshake(url), await handshake(url)];
    const { clients } = await enterAll(url, 4, ["websocket"], toClose);
    const endOf = ({ socket }: (typeof clients)[number]) =>
      new Promise((resolve) => socket.once("disconnect", resolve));
    const cut = clients.filter(({ node }) => node === "node-1");
    const kept = clients.filter(({ node }) => node === "node-2");
    expect([cut.length, kept.length]).toEqual([2, 2]);
    const ends = cut.map(endOf);
    frozen.freeze();
    const answers = await Promise.all(sids.map((sid) => poll(url, sid)));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 504]);
    const silent = answers.find(({ status }) => status === 504);
    expect(await silent?.json()).toEqual({ error: expect.any(String), code: "node_silent" });
    for (const end of await Promise.all(ends)) expect(end).toMatch(/^transport/); // no client waits so long for a ping
    for (const { socket } of kept) expect(await socket.emitWithAck("echo", 1)).toBe(1);
  });
}
