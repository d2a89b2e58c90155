import type { SessionId } from "@switchyard/protocol";
import { startCluster, type TestCluster, until } from "@switchyard/testkit";
import { Manager } from "socket.io-client";
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import { reconnectionDelay } from "../../src/wire/reconnection.ts";
import { compare, sees, waiting, wheel } from "./subjects.ts";

let cluster: TestCluster;
let forgetful: TestCluster;
beforeAll(async () => {
  cluster = await startCluster({ nodes: 1, environment: { RECONNECT_GRACE_MS: 600_000 } });
  forgetful = await startCluster({ nodes: 1, environment: { RECONNECT_GRACE_MS: 100 } });
  wheel.start();
  return async () => {
    await forgetful.stop();
    await cluster.stop();
  };
});
afterAll(() => wheel.stop());

describe("the wire client reports what the stock client reports", () => {
  test("events before and after the connection, answers, refusals of the server, and its own end", async () => {
    const log = await compare(async (make) => {
      const subject = make(cluster.node(0).url);
      subject.emit("next", {});
      await sees(subject, /^answer to next/);
      subject.emit("join", { userId: subject.user, type: "chat" });
      await sees(subject, /^waiting_for_partner/);
      await sees(subject, /^answer to join/);
      subject.emit("leave_queue", {});
      await sees(subject, /^answer to leave_queue/);
      subject.disconnect();
      await sees(subject, /^disconnect/);
      await cluster.empty();
      return subject;
    });
    expect(log.at(-1)).toBe("disconnect: io client disconnect");
  });

  test("a namespace that is refused", async () => {
    const log = await compare(async (make) => {
      const subject = make(cluster.node(0).url, "/nothing");
      await sees(subject, /^(refused|connect)/);
      return subject;
    });
    expect(log).toEqual([expect.stringMatching(/^refused: /)]);
  });

  test("an end by the server: it does not come back", async () => {
    const log = await compare(async (make) => {
      const subject = make(cluster.node(0).url);
      await sees(subject, /^connect/);
      await cluster.store.nodes.order(cluster.node(0).id, { kick: subject.id() as SessionId });
      await sees(subject, /^disconnect/);
      return subject;
    });
    expect(log.at(-1)).toBe("disconnect: io server disconnect");
  });

  test("a connection that is cut: back with its session, and what it missed", async () => {
    const log = await compare(async (make) => {
      const proxy = await cluster.proxy(0);
      const subject = await waiting(make, proxy);
      proxy.routeTo(1); // nobody listens there
      proxy.cut();
      await sees(subject, /^failed attempt/);
      proxy.routeTo(cluster.node(0).port);
      subject.emit("next", {}); // is sent when it is back
      await sees(subject, /^answer to next/);
      await sees(subject, /^waiting_for_partner/, 2);
      subject.disconnect();
      await cluster.empty();
      return { ...subject, log: subject.log.filter((line) => line !== "failed attempt") }; // as many as it took
    });
    expect(log).toContain("connect, recovered: true");
  });

  test("a connection that is cut for too long: back with a new session", async () => {
    const log = await compare(async (make) => {
      const proxy = await forgetful.proxy(0);
      const subject = await waiting(make, proxy);
      const session = subject.id() ?? "";
      proxy.routeTo(1); // nobody listens there
      proxy.cut();
      await until("its session to be gone", async () => !(await forgetful.store.sessions.exists(session as SessionId)));
      proxy.routeTo(forgetful.node(0).port);
      await sees(subject, /^connect,/, 2);
      subject.disconnect();
      await forgetful.empty();
      return { ...subject, log: subject.log.filter((line) => line !== "failed attempt") }; // as many as it took
    });
    expect(log.filter((line) => line.startsWith("connect,"))).toEqual(Array(2).fill("connect, recovered: false"));
  });
});

test("delays between attempts are those of the stock client", () => {
  const chance = vi.spyOn(Math, "random");
  onTestFinished(() => chance.mockRestore());
  for (const random of [0, 0.1, 0.29, 0.5, 0.77, 0.999]) {
    chance.mockReturnValue(random);
    const manager = new Manager("http://localhost", { autoConnect: false });
    const { backoff } = manager as unknown as { readonly backoff: { duration(): number } };
    const stocks = Array.from({ length: 8 }, () => backoff.duration());
    expect(stocks.map((_, failed) => reconnectionDelay(failed, random))).toEqual(stocks);
  }
});
