import type { Cluster } from "./cluster.ts";
import type { Print } from "./screen.ts";

/**
 * Stops the cluster on the first SIGTERM or SIGINT, and ends it at once on the second. Unlike the services'
 * `stopOnSignals` it must take its children along.
 * @returns whether a signal has come
 */
export function endOnSignals(cluster: Cluster, print: Print, released: () => void): () => boolean {
  let stopping = false;
  const onSignal = (signal: NodeJS.Signals) => {
    if (stopping) {
      print("launcher", `${signal} again: ending everything at once`);
      cluster.kill();
      process.exit(1);
    }
    stopping = true;
    print("launcher", `${signal}: stopping, again to end at once`);
    void cluster.stop().then(() => {
      released();
      print("launcher", "stopped");
      process.exit(0);
    });
  };
  process.on("SIGTERM", onSignal);
  process.on("SIGINT", onSignal);
  return () => stopping;
}
