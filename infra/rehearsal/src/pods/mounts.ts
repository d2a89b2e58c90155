import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Container, VolumeMount } from "@switchyard/helm/objects";
import type { Image } from "./image.ts";
import type { Source } from "./volumes.ts";

const TEMPLATES = "/etc/nginx/templates/";
const FILLED_INTO = "/etc/nginx/conf.d";

export interface MountPlan {
  /** Of this container alone. */
  readonly directory: string;
  readonly image: Image;
  readonly container: Container;
  readonly volumes: ReadonlyMap<string, Source>;
  readonly environment: Readonly<Record<string, string>>;
  /** The files that a kubelet writes, by path in the container. */
  readonly files: Readonly<Record<string, string>>;
}

/** Where the container's root is, for processes that are in its mount namespace. */
export function rootOf(directory: string): string {
  return join(directory, "layers", "root");
}

/**
 * The lines of a shell script that lay out a container's file system in a mount namespace of its own: the image, over it a
 * layer that is thrown away, and in it the volumes.
 */
export function mountScript(plan: MountPlan): string {
  const { directory, image, container, files } = plan;
  const layers = join(directory, "layers");
  const root = rootOf(directory);
  const isReadOnly = container.securityContext?.["readOnlyRootFilesystem"] === true;
  const layered = `lowerdir=${image.root},upperdir=${layers}/upper,workdir=${layers}/work`;
  const lines = [
    "set -e",
    "mount --make-rprivate /",
    `mkdir -p ${layers} && mount -t tmpfs -o mode=755 layers ${layers}`,
    `mkdir ${layers}/upper ${layers}/work ${root} && mount -t overlay -o ${layered} image ${root}`,
    `mkdir -p ${root}/dev ${root}/proc && mount --rbind /dev ${root}/dev && mount -t proc proc ${root}/proc`,
    ...Object.entries(image.binds).map(([to, from]) => bind(from, join(root, to), to.includes("cache"))),
    ...writtenBy(files, plan),
    ...(container.volumeMounts ?? []).map((mount) => mountVolume(mount, plan)),
    ...filledTemplates(plan),
    isReadOnly ? `mount -o remount,bind,ro ${root}` : ":",
  ];
  return lines.join("\n");
}

function bind(from: string, to: string, isWritable: boolean): string {
  const place = `if [ -d ${from} ]; then mkdir -p ${to}; else mkdir -p $(dirname ${to}) && rm -f ${to} && touch ${to}; fi`;
  return `${place}\nmount --bind ${from} ${to}${isWritable ? "" : `\nmount -o remount,bind,ro ${to}`}`;
}

/** A link that the image has at such a path is replaced. */
function writtenBy(files: Readonly<Record<string, string>>, { directory }: MountPlan): string[] {
  return Object.entries(files).map(([path, text]) => {
    const file = join(directory, path.replaceAll("/", "_"));
    writeFileSync(file, text);
    return bind(file, join(rootOf(directory), path), false);
  });
}

function mountVolume({ name, mountPath, subPath, readOnly = false }: VolumeMount, plan: MountPlan): string {
  const source = plan.volumes.get(name);
  if (!source) throw new Error(`there is no volume ${name}`);
  const to = join(rootOf(plan.directory), mountPath);
  if ("size" in source) return `mkdir -p ${to} && mount -t tmpfs -o mode=1777,size=${source.size} ${name} ${to}`;
  return bind(subPath === undefined ? source.path : join(source.path, subPath), to, !readOnly);
}

/** As nginx's image does when it starts: the environment's variables are filled into its templates. */
function filledTemplates({ directory, image, container, volumes, environment: given, files }: MountPlan): string[] {
  if (!image.fillsTemplates) return [];
  const environment: Record<string, string> = { ...resolversFor(given, files), ...given };
  const mounts = (container.volumeMounts ?? []).filter(({ mountPath }) => mountPath.startsWith(TEMPLATES));
  return mounts.flatMap(({ name, subPath }) => {
    const source = volumes.get(name);
    if (!source || !("path" in source)) return [];
    const named = subPath === undefined ? readdirSync(source.path) : [subPath];
    return named.map((file) => {
      const text = readFileSync(join(source.path, file), "utf8");
      const filled = join(directory, file.replace(/\.template$/, ""));
      writeFileSync(
        filled,
        text.replace(/\$\{(\w+)\}/g, (whole, key: string) => environment[key] ?? whole),
      );
      return `cp ${filled} ${join(rootOf(directory), FILLED_INTO)}/`;
    });
  });
}

/** The name servers that nginx's image finds in `resolv.conf`, where it is asked to. */
function resolversFor(environment: Readonly<Record<string, string>>, files: Readonly<Record<string, string>>) {
  if (environment["NGINX_ENTRYPOINT_LOCAL_RESOLVERS"] === undefined) return {};
  const servers = [...(files["/etc/resolv.conf"] ?? "").matchAll(/^nameserver (\S+)$/gm)].map(([, server]) => server);
  return { NGINX_LOCAL_RESOLVERS: servers.join(" ") };
}
