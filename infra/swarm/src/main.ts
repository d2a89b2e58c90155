import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { repository } from "./compose.ts";
import { NGINX_TEMPLATE, nginxTemplate } from "./configs.ts";
import { stackFile } from "./stack.ts";

/** The files that are made of those of Compose, by their paths from the repository's root. */
const files = { "infra/swarm/stack.yml": stackFile(), [NGINX_TEMPLATE]: nginxTemplate() };

for (const [path, text] of Object.entries(files)) {
  writeFileSync(join(repository, path), text);
  process.stdout.write(`${path}\n`);
}
