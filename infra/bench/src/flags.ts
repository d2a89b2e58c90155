import { type ParseArgsOptionsConfig, parseArgs } from "node:util";

/**
 * An option of a command line: a number (with its least value), a text or a switch, each with its default and meaning.
 */
export type Flag =
  | { readonly default: number; readonly least: number; readonly meaning: string }
  | { readonly default: string; readonly meaning: string }
  | { readonly default: boolean; readonly meaning: string };
type Widened<Value> = Value extends number ? number : Value extends string ? string : boolean;
export type Flags<Known extends Record<string, Flag>> = {
  readonly [Name in keyof Known]: Widened<Known[Name]["default"]>;
};

/**
 * Reads the command line. With `--help`, or with something that is not a flag, prints the flags and ends the process.
 */
export function readFlags<const Known extends Record<string, Flag>>(command: string, known: Known): Flags<Known> {
  try {
    const options: ParseArgsOptionsConfig = { help: { type: "boolean" } };
    for (const [name, flag] of Object.entries(known)) {
      options[name] = { type: typeof flag.default === "boolean" ? "boolean" : "string" };
    }
    const given = process.argv.slice(2).filter((text) => text !== "--"); // pnpm passes it on
    const values = parseArgs({ options, args: given }).values as Record<string, string | boolean | undefined>;
    if (values["help"] === true) exitWith(0, usage(command, known));
    return Object.fromEntries(
      Object.entries(known).map(([name, flag]) => [name, readValue(name, flag, values[name])]),
    ) as Flags<Known>;
  } catch (error) {
    return exitWith(2, `${error instanceof Error ? error.message : String(error)}\n\n${usage(command, known)}`);
  }
}

function readValue(name: string, flag: Flag, given: string | boolean | undefined): string | number | boolean {
  if (given === undefined) return flag.default;
  if (!("least" in flag)) return given;
  const value = Number(given);
  if (given === "" || !Number.isFinite(value) || value < flag.least)
    throw new Error(`--${name} must be a number of at least ${flag.least}`);
  return value;
}

function usage(command: string, known: Record<string, Flag>): string {
  const lines = Object.entries(known).map(([name, flag]) => {
    const shown = typeof flag.default === "boolean" ? `--${name}` : `--${name} <${typeof flag.default}>`;
    const byDefault = typeof flag.default === "boolean" || flag.default === "" ? "" : ` (default: ${flag.default})`;
    return `  ${shown.padEnd(24)}${flag.meaning}${byDefault}`;
  });
  return [`${command} [flags]`, ...lines].join("\n");
}

function exitWith(code: number, text: string): never {
  (code === 0 ? process.stdout : process.stderr).write(`${text}\n`);
  process.exit(code);
}
