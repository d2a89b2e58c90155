import { globSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { TextlintKernel, type TextlintRuleReporter } from "@textlint/kernel";
import { parse } from "yaml";
import { z } from "zod";
import { filePlugin } from "./file-plugin.ts";

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
const root = fileURLToPath(new URL("../../../", import.meta.url));

/** The files to check and the habits to refuse, from `prose.yaml`. */
export const prose = schema.parse(parse(readFileSync(join(root, "infra/prose/prose.yaml"), "utf8")));

const kernel = new TextlintKernel();

/** Reports where a text has one of the habits. */
const refuseHabits: TextlintRuleReporter = ({ Syntax, RuleError, report, getSource, locator }) => ({
  [Syntax.Str](node) {
    const text = getSource(node);
    for (const { pattern, message } of prose.habits) {
      for (const { 0: found, index } of text.matchAll(pattern)) {
        const words = found.replace(/\s+/g, " ");
        report(node, new RuleError(`"${words}": ${message}`, { padding: locator.at(index) }));
      }
    }
  },
});

/** The files to check, as paths from the repository's root. */
export function filesToCheck(): string[] {
  return globSync(prose.files, { cwd: root, exclude: prose.ignored }).toSorted();
}

/** The habits in a file, each as `path:line:column: "words": …`, which ends with the advice. */
export async function checkFile(path: string): Promise<string[]> {
  return await checkText(readFileSync(join(root, path), "utf8"), path);
}

/** The habits in a text; the ending of its path tells Markdown from sources. */
export async function checkText(text: string, path: string): Promise<string[]> {
  const { messages } = await kernel.lintText(text, {
    filePath: path,
    ext: extname(path),
    plugins: [{ pluginId: "files", plugin: filePlugin }],
    rules: [{ ruleId: "habits", rule: refuseHabits }],
  });
  return messages.map(({ message, loc }) => `${path}:${loc.start.line}:${loc.start.column}: ${message}`);
}
