import { matchmakerSettings } from "@switchyard/matchmaker";
import { isSecret, type SettingName, settings } from "@switchyard/runtime";
import { signalingSettings } from "@switchyard/signaling";
import { stringify } from "yaml";
import { z } from "zod";
import { sySettings } from "../../sy/src/config.ts"; // the operators' own program, no package for others

/** The images decide on these, or the chart's other values do. */
const ofTheChart: readonly SettingName[] = [
  ...(["PORT", "HOST", "NODE_ENV", "NODE_NAME", "TRUST_PROXY"] as const),
  ...(["REDIS_URL", "REDIS_USERNAME", "REDIS_MASTER", "REDIS_CA"] as const),
];

const isGiven = (name: SettingName) => !isSecret(name) && !ofTheChart.includes(name);

/** The settings that the chart's value `settings` may hold, for each component those that it reads. */
const givenSettings: Readonly<Record<"signaling" | "matchmaker" | "sy", readonly SettingName[]>> = {
  signaling: signalingSettings.filter(isGiven),
  matchmaker: matchmakerSettings.filter(isGiven),
  sy: sySettings.filter(isGiven),
};

/** The same as YAML, for the templates. */
export function settingsFile(): string {
  return stringify(givenSettings);
}

/** The schema of the value `settings`: each by its name, as a text or as what it says. */
export function settingsSchema(): Readonly<Record<string, unknown>> {
  const names = [...new Set(Object.values(givenSettings).flat())].toSorted();
  return Object.fromEntries(names.map((name) => [name, schemaOf(name)]));
}

function schemaOf(name: SettingName) {
  const { type, description, minimum, maximum, enum: values } = z.toJSONSchema(settings[name], { io: "input" });
  if (values !== undefined) return { description, enum: values };
  if (type !== "integer" && type !== "number") return { description, type: "string" };
  const bounds = { minimum, ...(maximum === Number.MAX_SAFE_INTEGER ? {} : { maximum }) };
  return {
    description,
    anyOf: [
      { type, ...bounds },
      { type: "string", pattern: "^[0-9.]+$" },
    ],
  };
}
