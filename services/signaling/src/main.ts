import { createLogger, notifyParent, startOrExit, stopOnSignals, stopWithParent } from "@switchyard/runtime";
import { readSignalingConfig } from "./config.ts";
import { startSignaling } from "./server.ts";

await startOrExit(async () => {
  const config = readSignalingConfig();
  const createLog = (node: string) => createLogger(config.LOG_LEVEL, { service: "signaling", node });
  const starting = startSignaling(config, createLog);
  // a signal that comes while it starts is answered when it has started
  stopOnSignals(createLog(config.NODE_NAME ?? "signaling"), async () => (await starting).stop());
  const { id, port } = await starting;
  stopWithParent();
  notifyParent({ node: id, port });
});
