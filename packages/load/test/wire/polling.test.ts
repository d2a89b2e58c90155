import type { SessionId } from "@switchyard/protocol";
import { startCluster, type TestCluster, until } from "@switchyard/testkit";
import { beforeAll, describe, expect, test } from "vitest";
import { compare, type Subject, sees, type stock, waiting, wheel } from "./subjects.ts";

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster({ nodes: 1, environment: { RECONNECT_GRACE_MS: 600_000 } });
  wheel.start();
  return async () => {
    wheel.stop();
    await cluster.stop();
  };
});

describe.for(["polling", "upgrade"] as const)("by %s, too, it reports what the stock client reports", (transport) => {
  const by = (play: (make: typeof stock) => Promise<Subject>) =>
    compare((make) => play((url, namespace) => make(url, namespace, transport)));
  const carrier = transport === "upgrade" ? "websocket" : "polling";

  test("events and answers in both directions, more at once than fit a payload, and its own end", async () => {
    const log = await by(async (make) => {
      const subject = make(cluster.node(0).url);
      subject.emit("next", {}); // while it connects, and maybe goes over
      await sees(subject, /^answer to next/);
      await until(`it to be carried by ${carrier}`, () => subject.carrier() === carrier);
      subject.emit("join", { userId: subject.user, type: "chat" });
      await sees(subject, /^waiting_for_partner/);
      await sees(subject, /^answer to join/);
      for (let sent = 0; sent < 20; sent += 1) subject.emit("leave_queue", { padding: "é".repeat(20_000) });
      await sees(subject, /^answer to leave_queue/, 20);
      subject.disconnect();
      await sees(subject, /^disconnect/);
      await cluster.empty();
      return subject;
    });
    expect(log.at(-1)).toBe("disconnect: io client disconnect");
  });

  test("a connection that is cut: back with its session, and what it missed", async () => {
    const log = await by(async (make) => {
      const proxy = await cluster.proxy(0);
      const subject = await waiting(make, proxy);
      await until(`it to be carried by ${carrier}`, () => subject.carrier() === carrier);
      proxy.routeTo(1); // nobody listens there: the stock client repeats a GET whose connection broke
      proxy.cut();
      await sees(subject, /^disconnect: transport/);
      proxy.routeTo(cluster.node(0).port);
      await sees(subject, /^connect,/, 2);
      subject.emit("next", {});
      await sees(subject, /^answer to next/);
      await sees(subject, /^waiting_for_partner/, 2);
      subject.disconnect();
      await cluster.empty();
      return { ...subject, log: subject.log.filter((line) => line !== "failed attempt") }; // as many as it took
    });
    expect(log).toContain("connect, recovered: true");
  });

  test("an end by the server: it does not come back", async () => {
    const log = await by(async (make) => {
      const subject = make(cluster.node(0).url);
      await sees(subject, /^connect/);
      await cluster.store.nodes.order(cluster.node(0).id, { kick: subject.id() as SessionId });
      await sees(subject, /^disconnect/);
      return subject;
    });
    expect(log.at(-1)).toBe("disconnect: io server disconnect");
  });
});
