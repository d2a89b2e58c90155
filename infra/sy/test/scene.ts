import { pairClients, startCluster, type TestClient, type TestCluster } from "@switchyard/testkit";

/** A cluster of two nodes with some people, and what `sy` needs to know of it. */
export interface Scene {
  readonly cluster: TestCluster;
  readonly environment: { readonly REDIS_URL: string };
  /** Two who were paired, on two nodes. */
  readonly pair: { readonly room: string; readonly one: TestClient; readonly two: TestClient };
  /** Alone in a meeting called kitchen, on the second node. */
  readonly guest: TestClient;
  /** Waits for video, on the first node. */
  readonly waiting: TestClient;
}

/** `cluster.stop` ends it. */
export async function openScene(): Promise<Scene> {
  const cluster = await startCluster({ environment: { LEASE_MS: 60_000, RECONNECT_GRACE_MS: 600_000 } });
  try {
    const [one, two] = await Promise.all([cluster.connect(0), cluster.connect(1)]);
    const pair = { room: await pairClients(one, two), one, two };
    const guest = await cluster.connect(1, { namespace: "/rooms" });
    await guest.request("join-room", { roomId: "kitchen", userName: "Ann" });
    const waiting = await cluster.connect(0);
    await waiting.join({ type: "video" });
    return { cluster, environment: { REDIS_URL: cluster.redisServer.url }, pair, guest, waiting };
  } catch (error) {
    await cluster.stop();
    throw error;
  }
}

export const idOf = ({ socket }: TestClient): string => socket.id ?? "";
