import { createLogger, startOrExit, stopOnSignals, stopWithParent } from "@switchyard/runtime";
import { readMatchmakerConfig } from "./config.ts";
import { startMatchmaker } from "./server.ts";

await startOrExit(async () => {
  const config = readMatchmakerConfig();
  const createLog = (id: string) => createLogger(config.LOG_LEVEL, { service: "matchmaker", node: id });
  const matchmaker = await startMatchmaker(config, createLog);
  stopOnSignals(createLog(matchmaker.id), matchmaker.stop);
  stopWithParent();
});
