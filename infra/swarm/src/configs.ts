import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { repository } from "./compose.ts";

/** Docker's own, in every container. */
const NAME_SERVER = "127.0.0.11";
/** Where nginx's template for Swarm is, from the repository's root. */
export const NGINX_TEMPLATE = "infra/swarm/switchyard.conf.tmpl";

/** A config of the stack, of a file of the repository. */
export function configOf(name: string, path: string): Record<string, string> {
  const isTemplate = path === NGINX_TEMPLATE;
  const text = isTemplate ? nginxTemplate() : readFileSync(join(repository, path), "utf8");
  const hash = createHash("sha256").update(text).digest("hex").slice(0, 8);
  const config = { name: `switchyard-${name}-${hash}`, file: `../../${path}` };
  return isTemplate ? { ...config, template_driver: "golang" } : config;
}

/**
 * nginx's template, for Swarm to fill in: the image's own program would need a directory to write to that is not root's,
 * and Swarm can't make one.
 */
export function nginxTemplate(): string {
  const text = readFileSync(join(repository, "nginx/templates/switchyard.conf.template"), "utf8");
  const resolved = text.replace(/\$\{NGINX_LOCAL_RESOLVERS\}/g, NAME_SERVER);
  return resolved.replace(/\$\{(NGINX_\w+)\}/g, '{{ env "$1" }}');
}
