/** A part of a JSON schema. */
export type Schema = Readonly<Record<string, unknown>>;

export const text = (description: string): Schema => ({ description, type: "string" });
export const flag = (description: string): Schema => ({ description, type: "boolean" });
export const whole = (description: string, minimum: number, maximum = 1_000_000_000): Schema => ({
  description,
  type: "integer",
  minimum,
  maximum,
});
export const choice = (description: string, ...values: readonly string[]): Schema => ({ description, enum: values });
export const listOf = (description: string, items: Schema): Schema => ({ description, type: "array", items });
export const map = (description: string): Schema => ({
  description,
  type: "object",
  additionalProperties: { type: "string" },
});
/** All its properties have defaults, so none is required; another one is a mistake. */
export const group = (description: string, properties: Readonly<Record<string, Schema>>): Schema => ({
  description,
  type: "object",
  properties,
  additionalProperties: false,
});

const name = { type: "string", pattern: "^([a-z0-9]([a-z0-9.-]*[a-z0-9])?)?$", maxLength: 253 };
export const network = { type: "string", pattern: "^[0-9a-fA-F.:]+(/[0-9]+)?$" };
export const objectName = (description: string): Schema => ({ description, ...name });

const quantities = group("CPU and memory.", {
  cpu: { type: ["string", "number"] },
  memory: { type: "string" },
});
export const resources: Schema = {
  ...group("Requests and limits of the container.", { requests: quantities, limits: quantities }),
  required: ["requests", "limits"],
};
export const placement = {
  nodeSelector: map("Labels of the machines on which the pods may run."),
  tolerations: listOf("Taints that the pods tolerate.", { type: "object" }),
  priorityClassName: objectName("The pods' priority class."),
  podAnnotations: map("More annotations of the pods."),
};
const spread = choice("When a pod can't be placed evenly.", "ScheduleAnyway", "DoNotSchedule");
export const topologySpread = group("How pods are spread.", { zones: spread, hosts: spread });
export const grace = (description: string) => whole(description, 9, 3600);

export const image = group("An image: a version, never `latest`, or a digest.", {
  repository: { type: "string", pattern: "^[a-z0-9][a-z0-9._/:-]*[a-z0-9]$" },
  tag: { type: "string", not: { const: "latest" }, pattern: "^[A-Za-z0-9_.-]*$", maxLength: 128 },
  digest: { type: "string", pattern: "^(sha256:[0-9a-f]{64})?$" },
});
