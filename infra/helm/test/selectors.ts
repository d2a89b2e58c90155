import { podOf } from "../src/rendering/chart.ts";
import type { KubernetesObject } from "../src/rendering/objects.ts";

type Labels = Readonly<Record<string, string>>;
type Port = string | number;

interface Expression {
  readonly key: string;
  readonly operator: string;
  readonly values: readonly string[];
}

interface Selector {
  readonly matchLabels?: Labels;
  readonly matchExpressions?: readonly Expression[];
}

interface Peer {
  readonly podSelector?: Selector;
  readonly namespaceSelector?: Selector;
}

interface Rule {
  readonly from?: readonly Peer[];
  readonly to?: readonly Peer[];
  readonly ports?: readonly { readonly port: Port }[];
}

interface ServicePort {
  readonly name: string;
  readonly port: number;
  readonly targetPort: Port;
}

const problem = ({ kind, metadata }: KubernetesObject, what: string) => `${kind}/${metadata.name}: ${what}`;

/** What of a rendering points at nothing: selectors without pods, ports without names, targets that there are not. */
export function selectorProblems(objects: readonly KubernetesObject[]): string[] {
  return objects.flatMap((object) => checks[object.kind]?.(object, objects) ?? []);
}

type Check = (object: KubernetesObject, objects: readonly KubernetesObject[]) => string[];

const checks: Readonly<Record<string, Check>> = {
  Deployment: checkWorkload,
  StatefulSet: checkWorkload,
  Service: checkService,
  PodDisruptionBudget: checkBudget,
  NetworkPolicy: checkPolicy,
  ServiceMonitor: checkMonitor,
  HorizontalPodAutoscaler: checkTarget,
  ScaledObject: checkTarget,
  Ingress: checkIngress,
  HTTPRoute: checkRoute,
};

function checkWorkload(object: KubernetesObject): string[] {
  const labels = object.spec?.template?.metadata.labels ?? {};
  const isOwn = matches(object.spec?.selector as Selector, labels);
  return isOwn ? [] : [problem(object, "its selector does not select its pods")];
}

function checkService(object: KubernetesObject, objects: readonly KubernetesObject[]): string[] {
  const { selector, ports } = object.spec as unknown as { selector: Labels; ports: readonly ServicePort[] };
  const workloads = selected(object, { matchLabels: selector }, objects);
  if (workloads.length === 0) return [problem(object, "its selector selects no pods")];
  return ports.flatMap(({ targetPort }) => portProblems(object, targetPort, workloads));
}

function checkBudget(object: KubernetesObject, objects: readonly KubernetesObject[]): string[] {
  const workloads = selected(object, object.spec?.selector as Selector, objects);
  return workloads.length === 0 ? [problem(object, "its selector selects no pods")] : [];
}

function checkPolicy(object: KubernetesObject, objects: readonly KubernetesObject[]): string[] {
  const spec = object.spec as unknown as { podSelector: Selector; ingress: readonly Rule[]; egress: readonly Rule[] };
  const own = selected(object, spec.podSelector, objects);
  if (own.length === 0) return [problem(object, "its selector selects no pods")];
  const of = (peers: readonly Peer[] | undefined) => (peers ?? []).filter((peer) => peer.podSelector !== undefined);
  const peersOf = (peer: Peer) => selected(object, peer.podSelector, objects);
  const lost = [...spec.ingress, ...spec.egress].flatMap(({ from, to }) => [...of(from), ...of(to)]);
  return [
    ...lost.filter((peer) => peersOf(peer).length === 0).map(() => problem(object, "a peer selects no pods")),
    ...spec.ingress.flatMap(({ ports = [] }) => ports.flatMap(({ port }) => portProblems(object, port, own))),
    ...spec.egress.flatMap(({ to, ports = [] }) =>
      ports.flatMap(({ port }) => of(to).flatMap((peer) => portProblems(object, port, peersOf(peer)))),
    ),
  ];
}

function checkMonitor(object: KubernetesObject, objects: readonly KubernetesObject[]): string[] {
  const { endpoints } = object.spec as unknown as { endpoints: readonly { port: string }[] };
  const services = objects.filter(
    ({ kind, metadata }) => kind === "Service" && matches(object.spec?.selector as Selector, metadata.labels),
  );
  if (services.length === 0) return [problem(object, "its selector selects no Service")];
  return services.flatMap((service) =>
    endpoints
      .filter(({ port }) => !portsOf(service).some(({ name }) => name === port))
      .map(({ port }) => problem(object, `${service.metadata.name} has no port ${port}`)),
  );
}

function checkTarget(object: KubernetesObject, objects: readonly KubernetesObject[]): string[] {
  const { scaleTargetRef: to } = object.spec as unknown as { scaleTargetRef: { kind: string; name: string } };
  const isThere = objects.some(({ kind, metadata }) => kind === to.kind && metadata.name === to.name);
  return isThere ? [] : [problem(object, `there is no ${to.kind} ${to.name}`)];
}

function checkIngress(object: KubernetesObject, objects: readonly KubernetesObject[]): string[] {
  type Backend = { readonly service: { readonly name: string; readonly port: { readonly name: string } } };
  const { rules } = object.spec as unknown as { rules: { http: { paths: { backend: Backend }[] } }[] };
  const backends = rules.flatMap(({ http }) => http.paths.map(({ backend }) => backend.service));
  return backends.flatMap(({ name, port }) => backendProblems(object, name, port.name, objects));
}

function checkRoute(object: KubernetesObject, objects: readonly KubernetesObject[]): string[] {
  const { rules } = object.spec as unknown as { rules: { backendRefs: { name: string; port: number }[] }[] };
  return rules.flatMap(({ backendRefs }) =>
    backendRefs.flatMap(({ name, port }) => backendProblems(object, name, port, objects)),
  );
}

function backendProblems(object: KubernetesObject, name: string, port: Port, objects: readonly KubernetesObject[]) {
  const service = objects.find(({ kind, metadata }) => kind === "Service" && metadata.name === name);
  if (service === undefined) return [problem(object, `there is no Service ${name}`)];
  const isThere = portsOf(service).some((known) => known.name === port || known.port === port);
  return isThere ? [] : [problem(object, `the Service ${name} has no port ${port}`)];
}

function portsOf(service: KubernetesObject): readonly ServicePort[] {
  return (service.spec as unknown as { ports: readonly ServicePort[] }).ports;
}

function portProblems(object: KubernetesObject, port: Port, workloads: readonly KubernetesObject[]): string[] {
  const lack = workloads.filter((workload) => {
    const ports = podOf(workload)?.containers.flatMap((container) => container.ports ?? []) ?? [];
    return !ports.some(({ name, containerPort }) => name === port || containerPort === port);
  });
  return lack.map(({ metadata }) => problem(object, `the pods of ${metadata.name} have no port ${port}`));
}

/** The workloads in the object's namespace whose pods the selector selects; an empty one selects none here, as a mistake. */
function selected(object: KubernetesObject, selector: Selector | undefined, objects: readonly KubernetesObject[]) {
  return objects.filter(
    ({ metadata, spec }) =>
      metadata.namespace === object.metadata.namespace && matches(selector, spec?.template?.metadata.labels),
  );
}

function matches(selector: Selector | undefined, labels: Labels | undefined): boolean {
  if (labels === undefined) return false;
  const { matchLabels = {}, matchExpressions = [] } = selector ?? {};
  if (Object.keys(matchLabels).length === 0) return false;
  const fits = ({ key, operator, values }: Expression) => operator === "In" && values.includes(labels[key] ?? "");
  return Object.entries(matchLabels).every(([key, value]) => labels[key] === value) && matchExpressions.every(fits);
}
