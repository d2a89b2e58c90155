import { readFileSync } from "node:fs";
import { z } from "zod";
import { type SettingName, settings } from "./settings.ts";

type Environment = Readonly<Record<string, string | undefined>>;
type Values = { [Name in SettingName]: z.output<(typeof settings)[Name]> };

/** The configuration of one process: the values of the settings it asked for, checked. */
export type Config<Name extends SettingName> = Readonly<Pick<Values, Name>>;

/** Thrown when the environment can't be used; `message` is one sentence for each wrong value, fit to be printed as it is. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

/**
 * Reads settings from the environment. An empty value counts as not set; a secret may stand in a file that `<NAME>_FILE` names.
 * @throws ConfigError naming every wrong variable, never the value of a secret
 */
export function readConfig<Name extends SettingName>(
  names: readonly Name[],
  environment: Environment = process.env,
): Config<Name> {
  const problems: string[] = [];
  const entries = names.map((name) => {
    const schema: z.ZodType = settings[name];
    const text = textOf(name, environment, problems);
    const parsed = schema.safeParse(text);
    if (!parsed.success) problems.push(problemOf(name, text, parsed.error));
    return [name, parsed.data];
  });
  if (problems.length > 0) throw new ConfigError(problems.join(" "));
  return Object.fromEntries(entries) as Config<Name>;
}

/** Whether a setting holds a secret: it may then come from a file, and is never printed. */
export function isSecret(name: SettingName): boolean {
  return settings[name].meta()?.["secret"] === true;
}

function textOf(name: SettingName, environment: Environment, problems: string[]): string | undefined {
  const file = isSecret(name) ? environment[`${name}_FILE`] : undefined;
  if (!file) return environment[name]?.trim() || undefined;
  try {
    return readFileSync(file, "utf8").trim() || undefined;
  } catch {
    problems.push(`${name}_FILE names a file that can't be read: ${file}.`);
    return undefined;
  }
}

function problemOf(name: SettingName, text: string | undefined, error: z.ZodError): string {
  const wanted = [...new Set(z.prettifyError(error).replaceAll("✖ ", "").split("\n"))].join(", ");
  if (text === undefined) return `${name} is missing: ${wanted}.`;
  return isSecret(name) ? `${name} is not usable: ${wanted}.` : `${name} is not usable (it is "${text}"): ${wanted}.`;
}
