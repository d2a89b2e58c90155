import { fileURLToPath } from "node:url";
import { startOrExit } from "@switchyard/runtime";
import { launch } from "../../src/launch.ts";

const [root = "."] = process.argv.slice(2);
const script = fileURLToPath(new URL("./stand-in-service.ts", import.meta.url));

await startOrExit(() => launch(root, { signaling: script, matchmaker: script }));
