import { startSocketNode } from "./socket-node.ts";

// A node in a process of its own, which ends with the test's: it can be made to stand still.
const [name = "", host = ""] = process.argv.slice(2);
process.once("disconnect", () => process.exit());
const { port } = await startSocketNode(name, host, 0);
process.send?.(port);
