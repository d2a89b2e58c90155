import { createLogger, startOrExit, stopOnSignals, stopWithParent } from "@switchyard/runtime";
import { readSignalingConfig } from "./config.ts";
import { startSignaling } from "./server.ts";

await startOrExit(async () => {
  const config = readSignalingConfig();
  const createLog = (node: string) => createLogger(config.LOG_LEVEL, { service: "signaling", node });
  const node = await startSignaling(config, createLog);
  stopOnSignals(createLog(node.id), node.stop);
  stopWithParent();
});
