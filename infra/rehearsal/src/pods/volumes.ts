import { chown, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { KubernetesObject, PodSpec, Volume } from "@switchyard/helm/objects";

/** A directory of this machine, or memory. */
export type Source = { readonly path: string } | { readonly size: string };

export interface VolumeOptions {
  /** The pod's directory. */
  readonly directory: string;
  /** Where claims are kept when their pods are gone. */
  readonly claims: string;
  readonly pod: string;
  readonly find: (kind: string, name: string) => KubernetesObject | undefined;
}

const [FILE_MODE, EMPTY_SIZE] = [0o644, "64M"];
const claimName = (volume: string, pod: string) => `${volume}-${pod}`;

/** A pod's volumes on this machine, by name; claims of a StatefulSet are those that are mounted and not named. */
export async function prepareVolumes(spec: PodSpec, options: VolumeOptions): Promise<ReadonlyMap<string, Source>> {
  const group = Number(spec.securityContext["fsGroup"] ?? 0);
  const made = new Map<string, Source>();
  for (const volume of spec.volumes ?? []) made.set(volume.name, await prepare(volume, group, options));
  const mounted = spec.containers.flatMap(({ volumeMounts = [] }) => volumeMounts.map(({ name }) => name));
  for (const name of mounted.filter((one) => !made.has(one))) {
    const path = join(options.claims, claimName(name, options.pod));
    await mkdir(path, { recursive: true });
    await chown(path, group, group);
    made.set(name, { path });
  }
  return made;
}

async function prepare(volume: Volume, group: number, { directory, find }: VolumeOptions): Promise<Source> {
  const { name, secret, configMap, emptyDir } = volume;
  if (emptyDir) return { size: emptyDir.sizeLimit?.replace(/i$/, "") ?? EMPTY_SIZE };
  const path = join(directory, "volumes", name);
  await mkdir(path, { recursive: true });
  const object = secret ? find("Secret", secret.secretName) : find("ConfigMap", configMap?.name ?? "");
  if (!object?.data) throw new Error(`the volume ${name} names nothing that is there`);
  const decoded = (value: string) => (secret ? Buffer.from(value, "base64") : Buffer.from(value));
  const items = secret?.items ?? Object.keys(object.data).map((key) => ({ key, path: key }));
  const mode = secret?.defaultMode ?? configMap?.defaultMode ?? FILE_MODE;
  for (const item of items) {
    const file = join(path, item.path);
    await writeFile(file, decoded(object.data[item.key] ?? ""), { mode });
    await chown(file, 0, group);
  }
  return { path };
}
