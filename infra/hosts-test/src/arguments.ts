import { parseArgs } from "node:util";

export interface Options {
  /** The scenarios to run, in this order. */
  readonly scenarios: readonly string[];
  readonly clients: number;
  /** How long a fault lasts that ends by itself, in ms. */
  readonly faultMs: number;
  /** Which reverse proxy; by default nginx where its image is there. */
  readonly front: "nginx" | "local" | undefined;
  /** Where the logs of all processes are kept; by default they are thrown away. */
  readonly logs: string | undefined;
}

const DEFAULT_CLIENTS = "300";
const DEFAULT_SECONDS = "60";

export const usage = `pnpm test:hosts [scenario …] [--clients ${DEFAULT_CLIENTS}] [--seconds ${DEFAULT_SECONDS}] [--front nginx|local] [--logs directory]`;

/**
 * @param known the names of all scenarios, which run if none is named
 * @throws Error with one sentence
 */
export function readArguments(args: readonly string[], known: readonly string[]): Options {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      clients: { type: "string", default: DEFAULT_CLIENTS },
      seconds: { type: "string", default: DEFAULT_SECONDS },
      front: { type: "string" },
      logs: { type: "string" },
    },
  });
  const stranger = positionals.find((name) => !known.includes(name));
  if (stranger !== undefined) throw new Error(`There is no scenario ${stranger}; there are ${known.join(", ")}.`);
  const clients = wholeNumber("--clients", values.clients);
  if (clients % 2 === 1) throw new Error("--clients must be even: they talk in pairs.");
  return {
    scenarios: positionals.length > 0 ? positionals : known,
    clients,
    faultMs: wholeNumber("--seconds", values.seconds) * 1000,
    front: frontOf(values.front),
    logs: values.logs,
  };
}

function wholeNumber(name: string, text: string): number {
  if (!/^[1-9]\d{0,4}$/.test(text)) throw new Error(`${name} must be a whole number above zero, not "${text}".`);
  return Number(text);
}

function frontOf(text: string | undefined): Options["front"] {
  if (text === undefined || text === "nginx" || text === "local") return text;
  throw new Error(`--front must be nginx or local, not "${text}".`);
}
