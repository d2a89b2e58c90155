import { readFileSync } from "node:fs";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import { run, succeeds } from "../network/command.ts";
import { directoryOf, nameOf, type Run, runOf } from "../run.ts";

const root = fileURLToPath(new URL("../../../../", import.meta.url));
/** Nodes are named by address, so no name server is ever asked; but the template wants one. */
const NAME_SERVER = "192.0.2.1";
const TEMPLATES = "nginx/templates";
/** A variable of the template. */
const NODES = /\$\{NGINX_NODES\}/;

/** A service of docker-compose.yml, with the defaults of its variables. */
interface ComposeService {
  readonly image: string;
  readonly user: string;
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly volumes: readonly string[];
  readonly tmpfs: readonly string[];
}

/** Why nginx can't be run here as it is deployed; `undefined` if it can. */
export async function reasonAgainstNginx(): Promise<string | undefined> {
  const { image } = nginxOfCompose();
  if (!(await succeeds("docker", ["info"]))) return "there is no Docker engine that answers";
  if (await succeeds("docker", ["image", "inspect", image])) return undefined;
  return (await succeeds("docker", ["pull", image])) ? undefined : `the image ${image} can't be had`;
}

/**
 * Starts the nginx of docker-compose.yml in a container without a network, for a host whose namespace is the container's.
 * @param nodes `host:port` of each
 * @returns the id of its process
 */
export async function startNginx(of: Run, host: string, nodes: readonly string[]): Promise<number> {
  const service = nginxOfCompose();
  const name = nameOf(of, host);
  const templates = await templatesFor(nodes, join(directoryOf(of), `${host}-templates`));
  await run("docker", ["run", "--detach", "--name", name, ...argumentsFor(service, templates)]);
  return Number(await run("docker", ["inspect", "--format", "{{.State.Pid}}", name]));
}

/** The templates, in a directory of their own: a line that has one name for all nodes there has one for each of these. */
async function templatesFor(nodes: readonly string[], directory: string): Promise<string> {
  await mkdir(directory, { recursive: true });
  const from = join(root, TEMPLATES);
  for (const file of await readdir(from)) {
    const text = await readFile(join(from, file), "utf8");
    await writeFile(join(directory, file), forEachNode(text, nodes));
  }
  return directory;
}

export function forEachNode(template: string, nodes: readonly string[]): string {
  const lines = (line: string) => nodes.map((node) => line.replace(NODES, node)).join("\n");
  return template.replace(new RegExp(`^.*${NODES.source}.*$`, "gm"), lines);
}

function argumentsFor(service: ComposeService, templates: string): string[] {
  const mounts = service.volumes.map((mount) =>
    mount.replace(`./${TEMPLATES}:`, `${templates}:`).replace(/^\.\//, root),
  );
  return [
    ...["--network", "none", "--dns", NAME_SERVER],
    ...["--user", service.user, "--read-only", "--cap-drop", "ALL", "--ulimit", "nofile=16384"],
    ...service.tmpfs.flatMap((path) => ["--tmpfs", path]),
    ...mounts.flatMap((mount) => ["--volume", mount]),
    ...Object.entries(service.environment).flatMap(([variable, value]) => ["--env", `${variable}=${value}`]),
    service.image,
    ...service.command,
  ];
}

/** Removes the containers of a run; those of all runs for which `isWanted` says so. */
export async function removeContainers(isWanted: (of: Run) => boolean): Promise<void> {
  if (!(await succeeds("docker", ["info"]))) return;
  const names = (await run("docker", ["ps", "--all", "--format", "{{.Names}}"])).split("\n");
  for (const name of names) {
    const of = runOf(name);
    if (of && isWanted(of)) await succeeds("docker", ["rm", "--force", "--volumes", name]);
  }
}

/** Everything that a host's nginx has said. */
export function nginxLog(of: Run, host: string): Promise<string> {
  return run("sh", ["-c", 'docker logs "$0" 2>&1', nameOf(of, host)]);
}

export function nginxOfCompose(text: string = readFileSync(join(root, "docker-compose.yml"), "utf8")): ComposeService {
  const { services } = parse(withDefaults(text), { merge: true }) as { services: { nginx: ComposeService } };
  return services.nginx;
}

/** With each `${NAME:-default}` as it is where NAME is not set. */
function withDefaults(text: string): string {
  return text.replace(/\$\{\w+(?::?-([^}]*))?\}/g, "$1");
}
