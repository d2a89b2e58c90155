import { readFileSync } from "node:fs";
import { matchmakerSettings } from "@switchyard/matchmaker";
import { settings } from "@switchyard/runtime";
import { signalingSettings } from "@switchyard/signaling";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { REDIS_IMAGE } from "../../local/src/redis/program.ts";

type Services = Record<
  string,
  {
    image?: string;
    environment?: Record<string, string | null>;
    volumes?: (string | { source: string })[];
    deploy?: object;
    profiles?: string[];
    networks?: string[];
    ports?: string[];
    secrets?: string[];
    command?: string[] | string;
  }
>;

const text = readFileSync(new URL("../../../docker-compose.yml", import.meta.url), "utf8");
const { services } = parse(text, { merge: true }) as { services: Services };
/** What the image decides, for every container alike or by the container's name. */
const ofTheImage = ["PORT", "HOST", "NODE_ENV", "NODE_NAME"];

test.for([
  ["signaling", signalingSettings],
  ["matchmaker", matchmakerSettings],
] as const)("docker-compose.yml passes on every setting that %s reads, and no other", ([service, names]) => {
  const given = Object.keys(services[service]?.environment ?? {}).map((name) => name.replace(/_FILE$/, ""));
  expect(given.toSorted()).toEqual(names.filter((name) => !ofTheImage.includes(name)).toSorted());
});

test("a secret reaches a container in a file only", () => {
  const isSecret = (name: string) =>
    Object.entries(settings).some(([known, schema]) => known === name && schema.meta()?.["secret"]);
  const given = ["signaling", "matchmaker"].flatMap((service) => Object.keys(services[service]?.environment ?? {}));
  expect(given.filter((name) => isSecret(name) && name !== "REDIS_URL")).toEqual([]);
});

test("only sy's own container has the passwords of its users of Redis, and it is not one that runs", () => {
  const mounts = Object.entries(services).filter(([, { volumes = [] }]) =>
    volumes.some((volume) => (typeof volume === "string" ? volume : volume.source).startsWith("operators")),
  );
  expect(mounts.map(([name]) => name)).toEqual(["secrets", "sy"]);
  expect(services["sy"]?.volumes).toEqual(["operators:/run/operators:ro"]);
  expect(services["sy"]?.deploy).toEqual({ replicas: 0 });
});

test("a load test starts with its profile only, comes through nginx, and does not reach the cluster's Redis", () => {
  const testers = Object.entries(services).filter(([, { profiles = [] }]) => profiles.includes("load"));
  expect(testers.map(([name]) => name)).toEqual(["load", "load-worker", "load-queue"]);
  for (const [, { volumes, secrets, ports }] of testers)
    expect([volumes, secrets, ports]).toEqual([undefined, undefined, undefined]);
  const onItsNetwork = Object.entries(services).filter(([, { networks = [] }]) => networks.includes("load"));
  expect(onItsNetwork).toEqual(testers);
  expect(Object.fromEntries(testers.map(([name, { networks }]) => [name, networks]))).toEqual({
    load: ["load"],
    "load-worker": ["edge", "load"],
    "load-queue": ["load"],
  });
  const [handsOut, works] = ["load", "load-worker"].map((name) => services[name]?.command);
  const queue = ["--queue", "redis://load-queue:6379"];
  expect(handsOut).toEqual(expect.arrayContaining([...queue, "--target", "http://nginx:8080"]));
  expect(works).toEqual(["load", "worker", ...queue]);
});

/** The images that a deployment and the tests fetch: of compose, of the Dockerfile, and those that programs name. */
function namedImages(): string[] {
  const ofCompose = Object.values(services).flatMap(({ image }) => image ?? []);
  const dockerfile = readFileSync(new URL("../../../Dockerfile", import.meta.url), "utf8");
  const stages = [...dockerfile.matchAll(/^FROM \S+ AS (\S+)$/gm)].map(([, name]) => name);
  const sources = [...dockerfile.matchAll(/^FROM (\S+)/gm)].map(([, source = ""]) => source);
  const fetched = sources.filter((source) => !stages.includes(source));
  const [, base = ""] = /^ARG NODE_IMAGE=(\S+)$/m.exec(dockerfile) ?? [];
  for (const source of fetched) expect(source).toMatch(/^\$\{NODE_IMAGE\}$/);
  expect(text).toMatch(new RegExp(`NODE_IMAGE: \\$\\{NODE_IMAGE:-${base}\\}`));
  return [...ofCompose, base, REDIS_IMAGE];
}

test("every image has a version, and none is the latest of anything", () => {
  for (const image of namedImages()) expect(image).toMatch(/^[\w./-]+:v?\d[\w.-]*(@sha256:[0-9a-f]{64})?$/);
  expect(services["redis"]?.image?.split("@")[0]).toBe(REDIS_IMAGE);
});
