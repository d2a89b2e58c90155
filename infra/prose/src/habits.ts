import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import { z } from "zod";

const SPACE = "(?:[ \\t]+|[ \\t]*\\n[ \\t]*)";

/** A space of a pattern also matches one line end: sentences go on over lines, but not over empty ones. */
const pattern = z.string().transform((source) => new RegExp(source.replaceAll(" ", SPACE), "g"));

const schema = z.strictObject({
  files: z.array(z.string()),
  ignored: z.array(z.string()),
  /** `message` is the advice for the place that a pattern matches; `refuses` a sentence that it matches. */
  habits: z.array(z.strictObject({ pattern, message: z.string(), refuses: z.string() })),
});

/** The repository's root directory. */
export const root = fileURLToPath(new URL("../../../", import.meta.url));

/** The files to check and the habits to refuse, from `prose.yaml`. */
export const prose = schema.parse(parse(readFileSync(join(root, "infra/prose/prose.yaml"), "utf8")));
