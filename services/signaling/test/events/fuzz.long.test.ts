import { startCluster } from "@switchyard/testkit";
import { onTestFinished, test } from "vitest";
import { patient } from "../patient.ts";
import { fuzz } from "./fuzzing.ts";

test("whatever is sent, and much of it, the node goes on, for everybody else too, and nothing of it stays", async () => {
  const environment = { ...patient, RECONNECT_GRACE_MS: 100 }; // only a client that sends broken packets drops
  const cluster = await startCluster({ environment });
  onTestFinished(cluster.stop);
  await fuzz(cluster, 1000);
});
