import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { passwordOf } from "@switchyard/testkit";
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

/** As in the container that has the passwords of `sy`'s users. */
const passwords = mkdtempSync(join(tmpdir(), "switchyard-sy-"));
process.once("exit", () => rmSync(passwords, { recursive: true, force: true }));
for (const name of ["observer", "operator"] as const) writeFileSync(join(passwords, `redis_${name}`), passwordOf(name));

/** Calls `sy`, as from a shell with that environment; Redis knows it as the user that the command needs. */
export async function sy(environment: Environment, ...args: readonly string[]): Promise<Answered> {
  const said = { text: "", aside: "" };
  const own = environment["REDIS_URL"] === undefined ? environment : { ...environment, REDIS_PASSWORDS_DIR: passwords };
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
