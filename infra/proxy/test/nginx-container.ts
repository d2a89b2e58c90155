import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { until } from "@switchyard/testkit";

const run = promisify(execFile);
const nginx = fileURLToPath(new URL("../../../nginx", import.meta.url));
const LIMIT_MS = 60_000;

/** The values that fill in the template, unless a test sets others. */
const defaults = {
  NGINX_ENTRYPOINT_LOCAL_RESOLVERS: "1",
  NGINX_LISTEN: "plain",
  NGINX_TRUSTED_PROXY: "127.0.0.1",
  NGINX_MAX_BODY_BYTES: "1000000",
  NGINX_CONNECTIONS_PER_CLIENT: "20000",
  NGINX_NODE_TIMEOUT: "10s",
};

export interface NginxOptions {
  /** `host:port` of nodes. */
  readonly nodes: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** More of `docker run`'s arguments. */
  readonly args?: readonly string[];
}

/** The reverse proxy of docker-compose.yml in a container of its own, run as it is there. */
export interface NginxContainer {
  readonly address: string;
  /** Its log. */
  log(): Promise<string>;
  remove(): Promise<void>;
}

/** Why it can't be run here; `undefined` if it can. */
export async function reasonAgainstNginx(): Promise<string | undefined> {
  if (process.platform !== "linux")
    return "nginx's container is reached by its address, which only Linux lets the host do";
  if (!(await succeeds(["info"]))) return "there is no Docker engine that answers";
  if (await succeeds(["image", "inspect", "nginx:1.30"])) return undefined;
  return (await succeeds(["pull", "nginx:1.30"])) ? undefined : "the image nginx:1.30 can't be had";
}

/** The address of this machine that containers reach: the first of the network, where the engine has not noted it. */
export async function hostAddress(): Promise<string> {
  const format = "{{with index .IPAM.Config 0}}{{or .Gateway .Subnet}}{{end}}";
  return (await docker(["network", "inspect", "bridge", "--format", format])).replace(/0\/\d+$/, "1");
}

export async function startNginx({ nodes, environment = {}, args = [] }: NginxOptions): Promise<NginxContainer> {
  const name = `switchyard-nginx-${randomUUID()}`;
  const variables = Object.entries({ ...defaults, ...environment });
  const templates = await templatesFor(nodes);
  const mounts = [
    `${nginx}/nginx.conf:/etc/nginx/switchyard.conf`,
    `${nginx}/listen:/etc/nginx/listen`,
    `${templates}:/etc/nginx/templates`,
  ];
  await docker([
    "run",
    "--detach",
    "--name",
    name,
    "--user",
    "101:101",
    "--read-only",
    "--cap-drop",
    "ALL",
    ...["/etc/nginx/conf.d", "/tmp", "/run"].flatMap((path) => ["--tmpfs", `${path}:uid=101,gid=101`]),
    ...mounts.flatMap((mount) => ["--volume", `${mount}:ro`]),
    ...variables.flatMap(([variable, value]) => ["--env", `${variable}=${value}`]),
    ...args,
    "nginx:1.30",
    "nginx",
    "-c",
    "/etc/nginx/switchyard.conf",
    "-g",
    "daemon off;",
  ]);
  const remove = async () => {
    await docker(["rm", "--force", "--volumes", name]);
    await rm(templates, { recursive: true });
  };
  const log = async () => {
    const { stdout, stderr } = await run("docker", ["logs", name], { timeout: LIMIT_MS });
    return stdout + stderr;
  };
  try {
    const address = await docker(["inspect", "--format", "{{.NetworkSettings.IPAddress}}", name]);
    await until(
      "nginx to listen",
      async () => (await fetch(`http://${address}:8080/`, { redirect: "manual" })).ok !== null,
    );
    return { address, log, remove };
  } catch (error) {
    const said = await log();
    await remove();
    throw new Error(said, { cause: error });
  }
}

/** The template, in a directory of its own: a line that has one name for all nodes there has one for each of these. */
async function templatesFor(nodes: readonly string[]): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "switchyard-nginx-"));
  const file = "switchyard.conf.template";
  const text = await readFile(join(nginx, "templates", file), "utf8");
  const forEach = (line: string) => nodes.map((node) => line.replace(/\$\{NGINX_NODES\}/, node)).join("\n");
  await writeFile(join(directory, file), text.replace(/^.*\$\{NGINX_NODES\}.*$/gm, forEach));
  await chmod(directory, 0o755);
  return directory;
}

async function docker(args: readonly string[]): Promise<string> {
  return (await run("docker", args, { timeout: LIMIT_MS })).stdout.trim();
}

function succeeds(args: readonly string[]): Promise<boolean> {
  return docker(args).then(
    () => true,
    () => false,
  );
}
