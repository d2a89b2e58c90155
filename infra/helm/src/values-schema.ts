import { coturn, front, matchmaker, redis, signaling, sy } from "./component-values.ts";
import {
  choice,
  flag,
  group,
  image,
  listOf,
  map,
  network,
  objectName,
  type Schema,
  text,
  whole,
} from "./schema-parts.ts";
import { settingsSchema } from "./settings.ts";

const existing = (of: string, ...keys: readonly string[]): Schema =>
  group(`A Secret of your own for ${of}, instead of the chart's.`, {
    name: objectName("Its name; empty: the chart makes one."),
    keys: listOf("The keys that it has.", { enum: keys }),
  });
const nodeKeys = [
  ...["jwt_secret", "jwt_secrets_accepted", "turn_secret", "admin_token", "observer_token"],
  ...["metered_credential", "turn_credential", "redis_signaling"],
];
const secrets = group("Secrets, given or made.", {
  jwtSecret: text("JWT_SECRET; empty: made once."),
  jwtSecretsAccepted: listOf("JWT_SECRETS_ACCEPTED.", { type: "string" }),
  turnSecret: text("TURN_SECRET; empty: made once, if settings.TURN_URLS is set."),
  turnSecretsAccepted: listOf("More secrets that coturn accepts.", { type: "string" }),
  adminToken: text("ADMIN_TOKEN."),
  observerToken: text("OBSERVER_TOKEN."),
  meteredCredential: text("METERED_CREDENTIAL."),
  turnCredential: text("TURN_CREDENTIAL."),
  redisPasswords: group("Passwords of Redis's users; for the chart's own Redis, empty ones are made once.", {
    signaling: text("Of nodes."),
    matchmaker: text("Of matchmakers."),
    observer: text("Of `sy` where it reads."),
    operator: text("Of `sy` where it changes something."),
  }),
  existing: group("Secrets of your own.", {
    signaling: existing("nodes", ...nodeKeys),
    matchmaker: existing("matchmakers", "redis_matchmaker"),
    operators: existing("`sy`", "redis_observer", "redis_operator"),
  }),
});

const ingress = group("An ingress or a Gateway of your own.", {
  kind: choice("Kind.", "none", "ingress-nginx", "traefik", "gateway"),
  host: text("The host name."),
  className: objectName("Ingress class; empty: nginx or traefik."),
  tlsSecret: objectName("A Secret with the certificate; a Gateway has its own."),
  annotations: map("More annotations."),
  gateway: group("The Gateway that the route belongs to.", {
    name: objectName("Name."),
    namespace: objectName("Namespace; empty: the release's."),
    sectionName: objectName("Listener."),
  }),
  affinity: choice("The tie of a polling client to one pod.", "none", "by-address", "cookie"),
  controllerNamespace: objectName("Where the controller's pods are, for the network policies."),
});

const autoscaling = group("Number of nodes by load.", {
  kind: choice("The scaler.", "none", "hpa", "keda"),
  minReplicas: whole("Fewest nodes.", 1, 1000),
  maxReplicas: whole("Most nodes.", 1, 1000),
  connections: whole("Sessions for each node.", 1),
  eventLoopLagMs: whole("Lag of the event loop, 99th percentile.", 1, 10_000),
  scaleDown: group("One node at a time.", {
    windowSeconds: whole("For how long fewer must have been enough.", 0, 3600),
    periodSeconds: whole("From one node to the next.", 1, 1800),
  }),
  prometheusUrl: text("Prometheus, for KEDA."),
});

const networkPolicy = group("Network policies.", {
  enabled: flag("Whether there are any."),
  monitoringNamespace: objectName("Prometheus's namespace."),
  frontFrom: listOf("Networks that reach the front; empty: any.", network),
  signalingEgress: listOf("More rules for what nodes reach.", { type: "object" }),
});

const labelled = (description: string, more: Readonly<Record<string, Schema>> = {}) =>
  group(description, {
    enabled: flag("Whether it is made."),
    labels: map("More labels, by which it is found."),
    ...more,
  });
const monitoring = group("For Prometheus's operator and Grafana.", {
  serviceMonitor: labelled("ServiceMonitor.", { interval: text("Time between scrapes.") }),
  rules: labelled("PrometheusRule with the alerts."),
  dashboards: labelled("ConfigMaps with Grafana's dashboards."),
});

const properties = {
  nameOverride: objectName("In place of the chart's name."),
  fullnameOverride: objectName("In place of all objects' first part of the name."),
  clusterDomain: objectName("The cluster's DNS domain."),
  imagePullSecrets: listOf("Names of Secrets of the images' registry.", { type: "string" }),
  images: group("Images.", { signaling: image, matchmaker: image, nginx: image, redis: image, coturn: image }),
  settings: group("Settings that are no secret.", settingsSchema() as Readonly<Record<string, Schema>>),
  ...{ secrets, signaling, matchmaker, front, ingress, redis, coturn, autoscaling, networkPolicy, monitoring, sy },
  global: { description: "Helm's own: values of all charts.", type: "object" },
};

/** `values.schema.json`: what Helm refuses values by. */
export function valuesSchema(): string {
  const schema = { $schema: "http://json-schema.org/draft-07/schema#", ...group("Values of the chart.", properties) };
  return `${JSON.stringify(schema, null, 2)}\n`;
}
