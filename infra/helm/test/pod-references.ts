import { globSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { matchmakerSettings } from "@switchyard/matchmaker";
import { isSecret, type SettingName, settings } from "@switchyard/runtime";
import { api, signalingSettings } from "@switchyard/signaling";
import { ownSettings, sySettings } from "../../sy/src/config.ts";
import { chartText, podOf } from "../src/rendering/chart.ts";
import type { Container, KubernetesObject, PodSpec, Probe } from "../src/rendering/objects.ts";

const repository = fileURLToPath(new URL("../../../", import.meta.url));

/** The settings that each component's program reads. */
const settingsOf: Readonly<Record<string, readonly string[]>> = {
  signaling: signalingSettings,
  matchmaker: matchmakerSettings,
  sy: [...sySettings, ...ownSettings],
  nginx: [
    ...[...chartText("files/nginx/switchyard.conf.template").matchAll(/\$\{(NGINX_\w+)\}/g)].map(
      ([, name = ""]) => name,
    ),
    "NGINX_ENTRYPOINT_LOCAL_RESOLVERS", // of the image
  ],
  coturn: ["HOST_IP"], // of its arguments
  redis: [],
};

const nodeRoutes = api.map(({ path }) => path);
/** nginx passes on what is not its own. */
const routesOf: Readonly<Record<string, readonly string[]>> = {
  signaling: nodeRoutes,
  matchmaker: ["/health", "/healthz", "/readyz", "/metrics"],
  nginx: nodeRoutes,
};

/** What pods of a rendering name that is not there; `yours` are the Secrets that an operator makes. */
export function podProblems(objects: readonly KubernetesObject[], yours: readonly string[]): string[] {
  return objects.flatMap((object) => {
    const pod = podOf(object);
    if (pod === undefined) return [];
    const found = [
      ...volumeProblems(pod, objectsBeside(object, objects), yours),
      ...accountProblems(pod, objectsBeside(object, objects)),
      ...pod.containers.flatMap((container) => [
        ...mountProblems(container, pod),
        ...probeProblems(container),
        ...environmentProblems(container),
        ...fileProblems(container, pod, objectsBeside(object, objects), yours),
      ]),
    ];
    return found.map((what) => `${object.kind}/${object.metadata.name}: ${what}`);
  });
}

function objectsBeside({ metadata: { namespace } }: KubernetesObject, objects: readonly KubernetesObject[]) {
  return objects.filter(({ metadata }) => metadata.namespace === namespace);
}

function find(objects: readonly KubernetesObject[], of: string, name: string): KubernetesObject | undefined {
  return objects.find(({ kind, metadata }) => kind === of && metadata.name === name);
}

function volumeProblems({ volumes = [] }: PodSpec, objects: readonly KubernetesObject[], yours: readonly string[]) {
  return volumes.flatMap(({ name, secret, configMap }) => {
    if (configMap && !find(objects, "ConfigMap", configMap.name)) return [`there is no ConfigMap ${configMap.name}`];
    if (secret === undefined || yours.includes(secret.secretName)) return [];
    const { data } = find(objects, "Secret", secret.secretName) ?? {};
    if (data === undefined) return [`there is no Secret ${secret.secretName}`];
    const missing = (secret.items ?? []).filter(({ key }) => !(key in data));
    return missing.map(({ key }) => `the volume ${name} has no key ${key}`);
  });
}

function accountProblems(
  { serviceAccountName, automountServiceAccountToken }: PodSpec,
  objects: readonly KubernetesObject[],
) {
  if (automountServiceAccountToken !== false) return ["it has a token"];
  return find(objects, "ServiceAccount", serviceAccountName) ? [] : [`there is no account ${serviceAccountName}`];
}

function mountProblems({ volumeMounts = [] }: Container, pod: PodSpec): string[] {
  const ofSet = pod.containers.some(({ name }) => name === "redis") ? ["data"] : []; // of the StatefulSet's claim
  const names = [...(pod.volumes ?? []).map(({ name }) => name), ...ofSet];
  const mounted = volumeMounts.map(({ name }) => name);
  return [
    ...mounted.filter((name) => !names.includes(name)).map((name) => `there is no volume ${name}`),
    ...names.filter((name) => !mounted.includes(name)).map((name) => `nothing mounts the volume ${name}`),
  ];
}

function probeProblems({ name, ports = [], startupProbe, readinessProbe, livenessProbe }: Container): string[] {
  const probes = [startupProbe, readinessProbe, livenessProbe].filter((probe): probe is Probe => probe !== undefined);
  return probes.flatMap(({ httpGet, tcpSocket }) => {
    const port = httpGet?.port ?? tcpSocket?.port;
    const isPort = port === undefined || ports.some((known) => known.name === port);
    const isRoute = httpGet === undefined || routesOf[name]?.includes(httpGet.path);
    return [
      ...(isPort ? [] : [`a probe asks at the port ${port}, which ${name} has not`]),
      ...(isRoute ? [] : [`a probe asks for ${httpGet.path}, which ${name} does not serve`]),
    ];
  });
}

/** A setting that the program reads, with a value that it accepts; secrets in files only, but for Redis's address. */
function environmentProblems({ name: program, env = [], args = [] }: Container): string[] {
  const known = settingsOf[program] ?? [];
  const scripts = args.filter((argument) => argument.endsWith(".ts"));
  return [
    ...scripts.filter((path) => globSync(path, { cwd: repository }).length === 0).map((path) => `there is no ${path}`),
    ...env.flatMap(({ name, value }) => {
      const setting = name.replace(/_FILE$/, "");
      if (!known.includes(setting)) return [`${program} does not read ${name}`];
      if (!isSetting(setting)) return [];
      if (name !== setting) return isSecret(setting) ? [] : [`${setting} is not read from a file`];
      if (isSecret(setting) && setting !== "REDIS_URL") return [`${name} is a secret, and in the environment`];
      return settings[setting].safeParse(value).success ? [] : [`${name} can't be ${value}`];
    }),
  ];
}

function isSetting(name: string): name is SettingName {
  return name in settings;
}

/** Files that settings name, in what is mounted there. */
function fileProblems(
  { env = [], volumeMounts = [] }: Container,
  { volumes = [] }: PodSpec,
  objects: readonly KubernetesObject[],
  yours: readonly string[],
): string[] {
  return env.flatMap(({ name, value = "" }) => {
    if (!name.endsWith("_FILE")) return [];
    const folder = value.slice(0, value.lastIndexOf("/"));
    const mount = volumeMounts.find(({ mountPath }) => mountPath === folder);
    const secret = volumes.find((volume) => volume.name === mount?.name)?.secret;
    if (secret === undefined) return [`${name} names ${value}, where no Secret is mounted`];
    const file = value.slice(folder.length + 1);
    if (secret.items?.some(({ path }) => path === file) || yours.includes(secret.secretName)) return [];
    const { data = {} } = find(objects, "Secret", secret.secretName) ?? {};
    return file in data ? [] : [`${name} names ${value}, and ${secret.secretName} has no such key`];
  });
}
