import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { parse, YAMLParseError } from "yaml";
import { prettifyError } from "zod";
import { Scenario } from "./schema.ts";
import { withSources } from "./sources.ts";

const folder = join(import.meta.dirname, "../../scenarios");

/** Thrown for a scenario that can't be used; `message` says why. */
export class ScenarioError extends Error {
  override readonly name = "ScenarioError";
}

/** Options of the command line, which win over the scenario. */
export interface Overrides {
  readonly targets?: readonly string[] | undefined;
  readonly sources?: readonly string[] | undefined;
  readonly users?: number | undefined;
  /** Users a second. */
  readonly rate?: number | undefined;
  readonly ramp?: string | undefined;
  readonly duration?: string | undefined;
  readonly cuts?: number | undefined;
  readonly seed?: number | undefined;
  readonly transport?: string | undefined;
}

/** The scenarios that are ready to be used, by name. */
export function readyScenarios(): readonly string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith(".yaml"))
    .map((file) => basename(file, ".yaml"))
    .sort();
}

/**
 * The text of a scenario: of a ready one by its name, else of a file.
 * @throws ScenarioError
 */
export function textOfScenario(nameOrFile: string): string {
  const ready = readyScenarios();
  const path = ready.includes(nameOrFile) ? join(folder, `${nameOrFile}.yaml`) : nameOrFile;
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ScenarioError(
      `there is no scenario "${nameOrFile}" (${reason}); there are ${ready.join(", ")}, and files`,
    );
  }
}

/** @throws ScenarioError */
export function readScenario(text: string, overrides: Overrides = {}): Scenario {
  const read = Scenario.safeParse(overridden(parseYaml(text), overrides));
  if (read.success) return withSources(read.data);
  throw new ScenarioError(`the scenario can't be used:\n${prettifyError(read.error)}`);
}

function parseYaml(text: string): object {
  try {
    const parsed: unknown = parse(text);
    if (typeof parsed === "object" && parsed !== null && !Array.isArray(parsed)) return parsed;
  } catch (error) {
    if (error instanceof YAMLParseError) throw new ScenarioError(`the scenario is no YAML: ${error.message}`);
    throw error;
  }
  throw new ScenarioError("the scenario has no fields");
}

function overridden(written: object, { users, rate, ...others }: Overrides): object {
  const given = Object.entries(others).filter(([, value]) => value !== undefined);
  const scenario: Record<string, unknown> = { ...written, ...Object.fromEntries(given) };
  if (users !== undefined) scenario["arrival"] = { users };
  if (rate !== undefined) scenario["arrival"] = { ...stayOf(scenario["arrival"]), rate };
  return scenario;
}

function stayOf(arrival: unknown): { readonly stay?: unknown } {
  return typeof arrival === "object" && arrival !== null && "stay" in arrival ? { stay: arrival.stay } : {};
}
