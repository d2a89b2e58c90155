import { stringify } from "yaml";
import { type ComposeService, composeServices, sharedPart } from "./compose.ts";
import { configOf, NGINX_TEMPLATE } from "./configs.ts";

const head = `# Made of docker-compose.yml by \`node --conditions=source infra/swarm/src/main.ts\`. docs/deploy.md#docker-swarm says how
# it is deployed. A config's name has a hash of its content, since Swarm changes none that is there.
`;
/** A variable of the environment in which the stack is deployed. */
const variable = (name: string, otherwise: string) => `\${${name}:-${otherwise}}`;
const ownImage = (name: string) => `${variable("REGISTRY", "switchyard")}/${name}:${variable("VERSION", "0.1.0")}`;

/** Files of the repository that containers get, by the name of their config. */
const configs = {
  nginx: "nginx/nginx.conf",
  "nginx-plain": "nginx/listen/plain.conf",
  "nginx-template": NGINX_TEMPLATE,
  "redis-cli": "infra/redis/redis-cli",
} as const;

type ConfigName = keyof typeof configs;

/** Secrets, as infra/swarm/make-secrets makes them. */
const secretNames = [
  "jwt_secret",
  "redis_signaling",
  "redis_matchmaker",
  "redis_observer",
  "redis_operator",
  "redis_admin",
  "users_acl",
];

/** It gets the rights that the image's directory has, and Swarm knows no others. */
const memory = (target: string) => ({ type: "tmpfs", target, tmpfs: { size: 67_108_864 } });
const config = (source: ConfigName, target: string, mode = 0o444) => ({ source, target, mode });
const secret = (source: string, target: string, user: string) => ({
  source,
  target,
  uid: user,
  gid: user,
  mode: 0o400,
});

/** One after the other: a new one is ready before an old one stops, and the first that fails takes all of it back. */
const oneByOne = {
  parallelism: 1,
  delay: "10s",
  order: "start-first",
  monitor: "20s",
  failure_action: "rollback",
} as const;
const takenBack = { ...oneByOne, failure_action: "pause" } as const;
/** For a service of which there may be but one on a machine. */
const stopFirst = { ...oneByOne, order: "stop-first" } as const;
const restart_policy = { condition: "any", delay: "1s" } as const;
const spread = { preferences: [{ spread: "node.labels.zone" }] };

function resources(cpus: string, memoryLimit: string, reserved: string) {
  return { limits: { cpus, memory: memoryLimit, pids: 512 }, reservations: { memory: reserved } };
}

/** The stack file for \`docker stack deploy\`. */
export function stackFile(): string {
  const { nginx = {}, signaling = {}, matchmaker = {}, redis = {}, sy = {} } = composeServices();
  const stack = {
    version: "3.13",
    services: {
      nginx: nginxService(nginx),
      signaling: nodeService(signaling),
      matchmaker: matchmakerService(matchmaker),
      redis: redisService(redis),
      sy: operatorsService(sy),
    },
    networks: {
      edge: { driver: "overlay" },
      state: { driver: "overlay", internal: true },
      metrics: { driver: "overlay", internal: true, attachable: true },
    },
    volumes: { redis: {} },
    configs: Object.fromEntries(Object.entries(configs).map(([name, path]) => [name, configOf(name, path)])),
    secrets: Object.fromEntries(secretNames.map((name) => [name, { name: `switchyard_${name}`, external: true }])),
  };
  return head + stringify(stack, { lineWidth: 0, aliasDuplicateObjects: false });
}

/** On each machine, at the machine's own port: Swarm's routing mesh would spread a polling client's requests over all. */
function nginxService(service: ComposeService) {
  return {
    ...sharedPart(service),
    environment: { ...service.environment, NGINX_NODES: "tasks.signaling:3000" },
    ports: [{ target: 8080, published: variable("PORT", "3000"), protocol: "tcp", mode: "host" }],
    configs: [
      config("nginx", "/etc/nginx/switchyard.conf"),
      config("nginx-plain", "/etc/nginx/listen/plain.conf"),
      config("nginx-template", "/etc/nginx/conf.d/switchyard.conf"),
    ],
    volumes: ["/tmp", "/run"].map(memory),
    deploy: {
      mode: "global",
      update_config: stopFirst,
      rollback_config: { ...stopFirst, failure_action: "pause" },
      restart_policy,
      resources: resources("2", "256M", "64M"),
    },
  };
}

/** Its name stands for the tasks themselves, not for one address before them. */
function nodeService(service: ComposeService) {
  return ownService(service, {
    image: "signaling",
    files: { JWT_SECRET_FILE: "jwt_secret", REDIS_PASSWORD_FILE: "redis_signaling" },
    placing: { replicas: service.deploy?.replicas, endpoint_mode: "dnsrr" },
    limits: resources("2", "1G", "256M"),
  });
}

function matchmakerService(service: ComposeService) {
  return ownService(service, {
    image: "matchmaker",
    files: { REDIS_PASSWORD_FILE: "redis_matchmaker" },
    placing: { replicas: variable("MATCHMAKERS", "2") },
    limits: resources("1", "512M", "192M"),
  });
}

interface OwnService {
  readonly image: string;
  /** The secrets that it reads, by the settings that name their files. */
  readonly files: Readonly<Record<string, string>>;
  readonly placing: Readonly<Record<string, unknown>>;
  readonly limits: ReturnType<typeof resources>;
}

/** A service of Switchyard's own image: replaced one by one, and taken back where the new one does not get ready. */
function ownService(service: ComposeService, { image, files, placing, limits }: OwnService) {
  return {
    ...sharedPart(service),
    image: ownImage(image),
    environment: withFiles(service, files),
    secrets: Object.values(files).map((name) => secret(name, name, "1000")),
    volumes: [memory("/tmp")],
    deploy: {
      ...placing,
      update_config: oneByOne,
      rollback_config: takenBack,
      restart_policy,
      placement: spread,
      resources: limits,
    },
  };
}

/** On the machine that has its volume. Its name stands for itself: Swarm's virtual addresses forget idle connections. */
function redisService(service: ComposeService) {
  return {
    ...sharedPart(service),
    configs: [config("redis-cli", "/usr/local/sbin/redis-cli", 0o555)],
    secrets: [secret("users_acl", "/run/access/users.acl", "999"), secret("redis_admin", "/run/access/admin", "999")],
    volumes: [{ type: "volume", source: "redis", target: "/data" }, memory("/tmp")],
    deploy: {
      replicas: 1,
      endpoint_mode: "dnsrr",
      update_config: stopFirst,
      rollback_config: { ...stopFirst, failure_action: "pause" },
      restart_policy,
      placement: { constraints: ["node.labels.switchyard.redis == true"] },
      resources: resources("2", "1G", "768M"),
    },
  };
}

/** Waits to be used: \`docker exec … sy status\`. */
function operatorsService(service: ComposeService) {
  return {
    ...sharedPart(service),
    image: ownImage("signaling"),
    command: ["--eval", "process.once('SIGTERM', () => process.exit()); setInterval(() => {}, 1e9)"],
    environment: { ...service.environment, REDIS_PASSWORDS_DIR: "/run/operators" },
    secrets: ["redis_observer", "redis_operator"].map((name) => secret(name, `/run/operators/${name}`, "1000")),
    volumes: [memory("/tmp")],
    deploy: { replicas: 0, restart_policy, resources: resources("1", "256M", "96M") },
  };
}

/** Secrets that Compose's own container makes, or takes for empty, are left out: others may be added in a file of yours. */
function withFiles({ environment = {} }: ComposeService, files: Readonly<Record<string, string>>) {
  const plain = Object.entries(environment).filter(([name]) => name === "REDIS_CA_FILE" || !name.endsWith("_FILE"));
  const named = Object.entries(files).map(([name, file]) => [name, `/run/secrets/${file}`] as const);
  return Object.fromEntries([...plain, ...named]);
}
