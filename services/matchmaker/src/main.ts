import { createLogger, notifyParent, startOrExit, stopOnSignals, stopWithParent } from "@switchyard/runtime";
import { readMatchmakerConfig } from "./config.ts";
import { startMatchmaker } from "./server.ts";

await startOrExit(async () => {
  const config = readMatchmakerConfig();
  const createLog = (node: string) => createLogger(config.LOG_LEVEL, { service: "matchmaker", node });
  const starting = startMatchmaker(config, createLog);
  // a signal that comes while it starts is answered when it has started
  stopOnSignals(createLog(config.NODE_NAME ?? "matchmaker"), async () => (await starting).stop());
  const { id, port } = await starting;
  stopWithParent();
  notifyParent({ node: id, port });
});
