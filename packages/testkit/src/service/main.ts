import { loadDialects, loadRuntime, loadService } from "./loaded.ts";
import type { ServiceName } from "./service.ts";

// Runs a service as its own main.ts does, with the dialects of another module than the registry.
const [name, dialects] = process.argv.slice(2) as [ServiceName, string];
const { runService } = await loadRuntime();
const { readConfig, start } = await loadService(name);
await runService(name, readConfig, async (config, createLog) => start(config, createLog, await loadDialects(dialects)));
