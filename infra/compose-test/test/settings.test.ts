import { readFileSync } from "node:fs";
import { matchmakerSettings } from "@switchyard/matchmaker";
import { settings } from "@switchyard/runtime";
import { signalingSettings } from "@switchyard/signaling";
import { expect, test } from "vitest";
import { parse } from "yaml";

type Services = Record<
  string,
  { environment?: Record<string, string | null>; volumes?: (string | { source: string })[]; deploy?: object }
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
