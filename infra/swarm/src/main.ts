import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { repository } from "./compose.ts";
import { stackFile } from "./stack.ts";

/** Where the stack file is, from the repository's root. */
const path = "infra/swarm/stack.yml";

writeFileSync(join(repository, path), stackFile());
process.stdout.write(`${path}\n`);
