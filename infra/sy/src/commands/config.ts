import { matchmakerSettings } from "@switchyard/matchmaker";
import { ConfigError, isSecret, readConfig, type SettingName } from "@switchyard/runtime";
import { readSignalingConfig, signalingSettings } from "@switchyard/signaling";
import type { Command } from "../command.ts";
import type { Environment } from "../config.ts";
import { exitCodes } from "../exit-code.ts";
import { sections, table } from "../table.ts";

const services = { signaling: signalingSettings, matchmaker: matchmakerSettings } as const;

export const config: Command = {
  name: "config",
  operands: [],
  isWithoutRedis: true,
  summary: "The settings of a node and a matchmaker in this environment. Secrets are not shown.",
  more:
    "Each setting with its value and where that comes from: the environment, a file, or the default. Needs no " +
    "Redis. Ends with 1, and names the fault, if a service would not start with that.",
  examples: [
    { call: "sy config", description: "in a service's container: its settings" },
    { call: "sy config --json | jq -r '.problems[]'", description: "what is wrong with it" },
  ],
  options: {},
  run: async ({ environment }) => {
    const described = Object.entries(services).map(([service, names]) => ({
      service,
      settings: names.map((name) => describe(name, environment)),
    }));
    const problems = [...new Set([...described.flatMap(({ settings }) => settings), ...together(environment)])].flatMap(
      ({ problem }) => problem ?? [],
    );
    const tables = described.map(({ service, settings }) => {
      const rows = settings.map(({ name, value, source }) => [name, textOf(value), source]);
      return [service, table(["setting", "value", "from"], rows)] as const;
    });
    const text = sections(problems.length === 0 ? tables : [...tables, ["Problems", problems.join("\n")]]);
    const document = { services: described, problems };
    return { document, text, code: problems.length === 0 ? exitCodes.fine : exitCodes.problem };
  },
};

interface Described {
  readonly name: string;
  readonly value: unknown;
  readonly source: "environment" | "file" | "default";
  readonly problem?: string;
}

function describe(name: SettingName, environment: Environment): Described {
  const source = environment[`${name}_FILE`] && isSecret(name) ? "file" : environment[name] ? "environment" : "default";
  try {
    const value: unknown = readConfig([name], environment)[name];
    return { name, value: isSecret(name) && value !== undefined ? "(hidden)" : value, source };
  } catch (error) {
    if (error instanceof ConfigError) return { name, value: undefined, source, problem: error.message };
    throw error;
  }
}

/** Faults that only settings in combination have. */
function together(environment: Environment): { problem?: string }[] {
  try {
    readSignalingConfig(environment);
    return [];
  } catch (error) {
    return error instanceof ConfigError ? [{ problem: error.message }] : [];
  }
}

function textOf(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
