import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { nginxRoot } from "./nginx-root.ts";

const repository = fileURLToPath(new URL("../../../../", import.meta.url));
const node = join(repository, "node_modules/node/bin/node");
/** Compiled code is kept between runs, as the image has it from its build. */
const compiled = join(repository, "node_modules/.cache/switchyard-rehearsed");

/** An image: this machine's programs stand in for its own, with the settings that it has. */
export interface Image {
  /** The directory that is the container's root, never written to. */
  readonly root: string;
  /** Files and directories that lie in it besides, by the path in the container. */
  readonly binds: Readonly<Record<string, string>>;
  readonly directory: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly entrypoint: readonly string[];
  readonly stopSignal: NodeJS.Signals;
  /** Whether its entrypoint fills in `/etc/nginx/templates`, as that of nginx's image does. */
  readonly fillsTemplates: boolean;
}

const PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
const plain = { root: "/", binds: {}, directory: "/", stopSignal: "SIGTERM", fillsTemplates: false } as const;

/** @throws where nothing here stands in for it */
export async function imageOf(reference: string): Promise<Image> {
  const repositoryOf = reference.replace(/[:@].*$/, "");
  if (/^switchyard\/(?:signaling|matchmaker)$/.test(repositoryOf)) return ownImage();
  if (repositoryOf === "redis") {
    const binds = { "/usr/local/bin/redis-cli": "/usr/bin/redis-cli" };
    return { ...plain, binds, entrypoint: [], environment: { PATH } };
  }
  if (repositoryOf !== "nginx") throw new Error(`nothing stands in for the image ${reference} here`);
  const root = await nginxRoot();
  return { ...plain, root, entrypoint: [], environment: { PATH }, stopSignal: "SIGQUIT", fillsTemplates: true };
}

/** That of the Dockerfile: the repository, and Node. */
function ownImage(): Image {
  const dockerfile = readFileSync(join(repository, "Dockerfile"), "utf8");
  const [, runtime = ""] = dockerfile.split("AS runtime\n");
  const [, directory = ""] = /^WORKDIR (\S+)$/m.exec(runtime) ?? [];
  const [, entrypoint = "[]"] = /^ENTRYPOINT (.+)$/m.exec(runtime) ?? [];
  const [, environment = ""] = /^ENV ((?:\w+=\S+ ?)+)$/m.exec(runtime) ?? [];
  mkdirSync(compiled, { recursive: true, mode: 0o777 });
  return {
    ...plain,
    directory,
    binds: { [directory]: repository, "/usr/local/bin/node": node, "/var/cache/compiled": compiled },
    entrypoint: JSON.parse(entrypoint) as string[],
    environment: {
      PATH,
      ...Object.fromEntries(environment.split(" ").map((assignment) => assignment.split("=") as [string, string])),
      NODE_COMPILE_CACHE: "/var/cache/compiled",
    },
  };
}
