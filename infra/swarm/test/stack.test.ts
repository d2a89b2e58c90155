import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { composeServices } from "../src/compose.ts";
import { nginxTemplate } from "../src/configs.ts";
import { stackFile } from "../src/stack.ts";

interface Named {
  readonly source: string;
  readonly target: string;
}

interface Service {
  readonly image: string;
  readonly environment?: Readonly<Record<string, string | null>>;
  readonly networks: readonly string[];
  readonly configs?: readonly Named[];
  readonly secrets?: readonly Named[];
  readonly volumes?: readonly { readonly type: string; readonly source?: string; readonly target: string }[];
  readonly read_only: boolean;
  readonly cap_drop: readonly string[];
  readonly deploy: {
    readonly replicas?: number | string;
    readonly mode?: string;
    readonly update_config?: { readonly order: string; readonly failure_action: string };
    readonly rollback_config?: object;
    readonly placement?: { readonly constraints?: readonly string[] };
    readonly resources: { readonly limits: { readonly memory: string; readonly cpus: string } };
  };
}

interface Stack {
  readonly services: Readonly<Record<string, Service>>;
  readonly configs: Readonly<Record<string, { readonly file: string }>>;
  readonly secrets: Readonly<Record<string, object>>;
  readonly networks: Readonly<Record<string, object>>;
  readonly volumes: Readonly<Record<string, object>>;
}

const path = fileURLToPath(new URL("../stack.yml", import.meta.url));
const text = readFileSync(path, "utf8");
const stack = parse(text) as Stack;
const services = Object.entries(stack.services);
const hasDocker = spawnSync("docker", ["stack", "config", "--help"]).status === 0;

test("the stack file is what docker-compose.yml says today", () => {
  expect(text).toBe(stackFile());
  expect(readFileSync(join(path, "..", "switchyard.conf.tmpl"), "utf8")).toBe(nginxTemplate());
});

test("Swarm fills in every variable of nginx's template, each of which nginx's service has", () => {
  const template = nginxTemplate();
  expect(template).not.toMatch(/\$\{/);
  const names = [...template.matchAll(/\{\{ env "(\w+)" \}\}/g)].map(([, name]) => name);
  expect(names.length).toBeGreaterThan(4);
  expect(Object.keys(stack.services["nginx"]?.environment ?? {})).toEqual(expect.arrayContaining(names));
});

test("whatever a service names is there, and nothing else is", () => {
  const used = (of: (service: Service) => readonly string[]) => [...new Set(services.flatMap(([, one]) => of(one)))];
  const names = (all: readonly Named[] = []) => all.map(({ source }) => source);
  expect(used(({ networks }) => networks).toSorted()).toEqual(Object.keys(stack.networks).toSorted());
  expect(used(({ configs }) => names(configs)).toSorted()).toEqual(Object.keys(stack.configs).toSorted());
  expect(used(({ secrets }) => names(secrets)).toSorted()).toEqual(Object.keys(stack.secrets).toSorted());
  const volumes = used(({ volumes = [] }) => volumes.flatMap(({ source }) => source ?? []));
  expect(volumes).toEqual(Object.keys(stack.volumes));
  for (const { file } of Object.values(stack.configs)) expect(existsSync(resolve(dirname(path), file))).toBe(true);
});

test.for(services)(
  "every file that the environment of %s names is a secret there",
  ([, { environment = {}, secrets = [] }]) => {
    const mounted = secrets.map(({ target }) => (target.startsWith("/") ? target : `/run/secrets/${target}`));
    const named = Object.entries(environment).filter(([name]) => name.endsWith("_FILE") && name !== "REDIS_CA_FILE");
    for (const [, file] of named) expect(mounted).toContain(file);
  },
);

test.for(services)("%s has limits, a version, and neither root's rights nor a root to write on", ([, service]) => {
  expect(service.image).toMatch(/:(?:\$\{VERSION:-)?\d/);
  expect(service.deploy.resources.limits).toMatchObject({ cpus: expect.any(String), memory: expect.any(String) });
  expect([service.read_only, service.cap_drop]).toEqual([true, ["ALL"]]);
});

test("every service that runs is updated one by one, and taken back if the update fails", () => {
  const running = services.filter(([, { deploy }]) => deploy.replicas !== 0);
  expect(running.map(([name]) => name)).toEqual(["nginx", "signaling", "matchmaker", "redis"]);
  for (const [, { deploy }] of running) {
    expect(deploy.update_config).toMatchObject({ parallelism: 1, failure_action: "rollback" });
    expect(deploy.rollback_config).toMatchObject({ parallelism: 1 });
  }
  expect(stack.services["signaling"]?.deploy.update_config?.order).toBe("start-first");
});

test("nginx finds each node by itself, at the machine's own port, and Redis stays where its volume is", () => {
  const { nginx, redis, signaling } = stack.services;
  expect(nginx?.environment?.["NGINX_NODES"]).toBe("tasks.signaling:3000");
  expect(nginx).toMatchObject({ ports: [{ mode: "host", target: 8080 }], deploy: { mode: "global" } });
  expect(nginx?.networks.some((name) => signaling?.networks.includes(name))).toBe(true);
  expect(redis?.deploy).toMatchObject({
    replicas: 1,
    endpoint_mode: "dnsrr",
    placement: { constraints: [expect.stringMatching(/^node\.labels\./)] },
  });
});

test("nodes and matchmakers get every setting that Compose passes on", () => {
  for (const name of ["signaling", "matchmaker"]) {
    const plain = Object.keys(composeServices()[name]?.environment ?? {}).filter((key) => !key.endsWith("_FILE"));
    expect(Object.keys(stack.services[name]?.environment ?? {})).toEqual(expect.arrayContaining(plain));
  }
});

test.for([
  ["as it is", "", "", undefined],
  ["a typo in a service", "  nginx:\n    image:", "  nginx:\n    imige:", "imige"],
  ["a typo in a policy", "failure_action", "failure_actions", "failure_actions"],
  [
    "a property of Compose alone",
    "  nginx:\n",
    "  nginx:\n    depends_on: { redis: { condition: service_healthy } }\n",
    "depends_on",
  ],
  ["a number that is a text", "parallelism: 1", "parallelism: one", "parallelism"],
] as const)("Docker's own schema of stacks: %s", ([, from, to, refused], { skip }) => {
  if (!hasDocker) skip("there is no docker on the PATH");
  const directory = mkdtempSync(join(tmpdir(), "switchyard-stack-"));
  try {
    const file = join(directory, "stack.yml");
    expect(text).toContain(from);
    const moved = text.replace(from, to).replaceAll("../../", fileURLToPath(new URL("../../../", import.meta.url)));
    writeFileSync(file, moved);
    const { status, stderr } = spawnSync("docker", ["stack", "config", "-c", file], { encoding: "utf8" });
    if (refused === undefined) expect([status, stderr]).toEqual([0, ""]);
    else expect([status, stderr]).toEqual([expect.any(Number), expect.stringContaining(refused)]);
    expect(status === 0).toBe(refused === undefined);
  } finally {
    rmSync(directory, { recursive: true });
  }
});
