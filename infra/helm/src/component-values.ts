import {
  choice,
  flag,
  grace,
  group,
  listOf,
  map,
  network,
  objectName,
  placement,
  resources,
  text,
  topologySpread,
  whole,
} from "./schema-parts.ts";

export const signaling = group("Signaling nodes.", {
  replicas: whole("Number of nodes, where nothing scales them.", 1, 1000),
  resources,
  preStopSeconds: {
    description: "Seconds from a pod's end being announced to SIGTERM; empty: 0 with the front, else 10.",
    anyOf: [{ const: "" }, { type: "integer", minimum: 0, maximum: 600 }],
  },
  terminationGracePeriodSeconds: grace("At least preStopSeconds and the 9 s after which a node has ended."),
  minReadySeconds: whole("Seconds for which a new node must be ready before the next one is replaced.", 0, 600),
  trustProxy: text("TRUST_PROXY: the number of proxies before nodes, or their networks."),
  topologySpread,
  ...placement,
});
export const matchmaker = group("Matchmakers.", {
  replicas: whole("Number of matchmakers.", 1, 100),
  resources,
  terminationGracePeriodSeconds: grace("At least 9 s, after which a matchmaker has ended."),
  topologySpread,
  ...placement,
});
export const front = group("nginx before the nodes.", {
  enabled: flag("Whether there is one."),
  replicas: whole("Number of pods.", 1, 100),
  workers: whole("nginx's worker processes in each.", 1, 64),
  resources,
  preStopSeconds: whole("Seconds from a pod's end being announced to its stop.", 1, 600),
  terminationGracePeriodSeconds: grace("More than preStopSeconds and the 5 s after which nginx ends connections."),
  trustedProxy: { description: "A proxy before it: an address or a network.", ...network },
  maxBodyBytes: whole("Four times MAX_EVENT_BYTES.", 4096),
  connectionsPerClient: whole("Connections from one address to each pod.", 1),
  nodeTimeout: { description: "More than both ping settings together.", type: "string", pattern: "^[0-9]+(ms|s|m)$" },
  nameServerCacheSeconds: whole("Time after which nginx knows a new node, by the cache of the cluster's DNS.", 0, 600),
  tlsSecret: objectName("A Secret with tls.crt and tls.key, for TLS at nginx."),
  service: group("Its Service.", {
    type: choice("Type.", "ClusterIP", "NodePort", "LoadBalancer"),
    port: whole("Port.", 1, 65_535),
    tlsPort: whole("Port for TLS.", 1, 65_535),
    annotations: map("Annotations, as load balancers read them."),
    loadBalancerSourceRanges: listOf("Networks that may connect.", network),
    externalTrafficPolicy: choice("Local keeps the clients' addresses.", "Local", "Cluster"),
  }),
  topologySpread,
  ...placement,
});

const secretKey = (description: string) =>
  group(description, { name: objectName("The Secret."), key: text("The key in it.") });

export const redis = group("Redis: yours by its URL, or one server of the chart's.", {
  url: { description: "REDIS_URL without a password.", type: "string", pattern: "^(rediss?://[^@\\s]+)?$" },
  urlSecret: secretKey("REDIS_URL from a Secret."),
  master: text("REDIS_MASTER."),
  users: flag("Whether services log in as Redis's users of docs/users.acl."),
  caSecret: secretKey("REDIS_CA from a Secret, for rediss://."),
  networks: listOf("Networks in which your Redis is, for the network policies.", network),
  ports: listOf("Its ports, and those of sentinels.", whole("A port.", 1, 65_535)),
  existingSecret: objectName("A Secret with users.acl and admin, for the chart's Redis."),
  maxmemory: { description: "Memory of the chart's Redis.", type: "string", pattern: "^[0-9]+(kb|mb|gb)$" },
  appendfsync: choice("How often it writes to disk.", "always", "everysec"),
  storage: group("Its volume.", { size: text("Size."), className: objectName("Storage class.") }),
  resources,
  ...placement,
});

const port = (description: string) => whole(description, 1, 65_535);
export const coturn = group("coturn on the hosts' network.", {
  enabled: flag("Whether there is one; settings.TURN_URLS says to clients where."),
  namespace: objectName("Its namespace, which must allow the hosts' network; empty: the release's."),
  replicas: whole("Number of pods, each on a host of its own.", 1, 100),
  port: port("Port, TCP and UDP."),
  minPort: port("First port of relays."),
  maxPort: port("Last port of relays."),
  externalIp: { description: "The hosts' public address.", type: "string", pattern: "^[0-9a-fA-F.:]*$" },
  resources,
  ...placement,
});

export const sy = group("The operators' command.", {
  replicas: whole("Number of pods; scale it when it is needed.", 0, 1),
  resources,
});
