import { asUser } from "@switchyard/testkit";
import { runCli } from "../src/cli.ts";
import type { Environment } from "../src/config.ts";

/** What a call came to. */
export interface Answered {
  readonly code: number;
  /** What it answered. */
  readonly text: string;
  /** What it said besides. */
  readonly aside: string;
}

/** Calls `sy`, as from a shell with that environment; Redis knows it as the user that `sy` is to have. */
export async function sy(environment: Environment, ...args: readonly string[]): Promise<Answered> {
  const said = { text: "", aside: "" };
  const { REDIS_URL } = environment;
  const own = REDIS_URL === undefined ? environment : { ...environment, REDIS_URL: asUser(REDIS_URL, "operator") };
  const code = await runCli(args, own, {
    answer: (text) => {
      said.text += text;
    },
    aside: (text) => {
      said.aside += `${text}\n`;
    },
  });
  return { code, ...said };
}

/** The same with `--json`: the document that it answered. */
export async function syJson<Document>(environment: Environment, ...args: readonly string[]): Promise<Document> {
  const { code, text } = await sy(environment, ...args, "--json");
  if (code !== 0) throw new Error(`sy ${args.join(" ")} ended with ${code}: ${text}`);
  return JSON.parse(text) as Document;
}
