import { HTTPRoute } from "@kubernetes-models/gateway-api/gateway.networking.k8s.io/v1/HTTPRoute";
import { ScaledObject } from "@kubernetes-models/keda/keda.sh/v1alpha1/ScaledObject";
import { PrometheusRule } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/PrometheusRule";
import { ServiceMonitor } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/ServiceMonitor";
import { Deployment } from "kubernetes-models/apps/v1/Deployment";
import { StatefulSet } from "kubernetes-models/apps/v1/StatefulSet";
import { HorizontalPodAutoscaler } from "kubernetes-models/autoscaling/v2/HorizontalPodAutoscaler";
import { Ingress } from "kubernetes-models/networking.k8s.io/v1/Ingress";
import { NetworkPolicy } from "kubernetes-models/networking.k8s.io/v1/NetworkPolicy";
import { PodDisruptionBudget } from "kubernetes-models/policy/v1/PodDisruptionBudget";
import { ConfigMap } from "kubernetes-models/v1/ConfigMap";
import { Secret } from "kubernetes-models/v1/Secret";
import { Service } from "kubernetes-models/v1/Service";
import { ServiceAccount } from "kubernetes-models/v1/ServiceAccount";
import type { KubernetesObject } from "../src/rendering/objects.ts";

interface Kind {
  readonly prototype: { validate(): void };
}

const kinds: Readonly<Record<string, Kind>> = {
  ...{ Deployment, StatefulSet, HorizontalPodAutoscaler, Ingress, NetworkPolicy, PodDisruptionBudget },
  ...{ ConfigMap, Secret, Service, ServiceAccount, HTTPRoute, ScaledObject, PrometheusRule, ServiceMonitor },
};

/**
 * What is wrong with an object, by Kubernetes' own schema of its kind. That schema accepts properties that it does not
 * know, and does not look at them: so a property that the validation has never read is one that there isn't.
 */
export function schemaProblems(object: KubernetesObject): string[] {
  const where = `${object.kind}/${object.metadata.name}`;
  const Model = kinds[object.kind];
  if (Model === undefined) return [`${where}: the kind is unknown`];
  const read = new Set<string>();
  try {
    Model.prototype.validate.call(watch(object, "", read)); // its constructor would read all
  } catch (error) {
    return [`${where}: ${String(error)}`];
  }
  const unknown = propertiesOf(object, "").filter((path) => !read.has(path));
  return unknown.map((path) => `${where}: ${path} is unknown`);
}

/** A copy that notes which of its properties are read. */
function watch(value: unknown, path: string, read: Set<string>): unknown {
  if (Array.isArray(value)) return value.map((item, i) => watch(item, `${path}/${i}`, read));
  if (typeof value !== "object" || value === null) return value;
  const copy = Object.entries(value).map(([key, item]) => [key, watch(item, `${path}/${key}`, read)]);
  return new Proxy(Object.fromEntries(copy) as object, {
    get(target, key, receiver) {
      if (typeof key === "string") read.add(`${path}/${key}`);
      return Reflect.get(target, key, receiver) as unknown;
    },
  });
}

/** The paths of all properties of objects in it. */
function propertiesOf(value: unknown, path: string): string[] {
  if (Array.isArray(value)) return value.flatMap((item, i) => propertiesOf(item, `${path}/${i}`));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => [`${path}/${key}`, ...propertiesOf(item, `${path}/${key}`)]);
}
