import type { TextlintPluginCreator } from "@textlint/kernel";
import { parse } from "@textlint/markdown-to-ast";
import { proseOf } from "./source-prose.ts";

/** textlint's plugin for all files that are checked: Markdown, and sources in TypeScript, JavaScript and Lua. */
export const filePlugin: TextlintPluginCreator = {
  Processor: class {
    availableExtensions(): string[] {
      return [".md", ".ts", ".tsx", ".mjs", ".lua"];
    }

    processor(extension: string): Processor {
      return {
        preProcess: (source) => {
          if (extension === ".md") return parse(source);
          const text = proseOf(source, extension);
          return { text, ast: treeOf(text) };
        },
        postProcess: (messages, filePath = "") => ({ messages, filePath }),
      };
    }
  },
};

type Processor = ReturnType<InstanceType<TextlintPluginCreator["Processor"]>["processor"]>;

/** The text as one paragraph of one string. */
function treeOf(raw: string) {
  const lines = raw.split("\n");
  const end = { line: lines.length, column: lines.at(-1)?.length ?? 0 };
  const place = { raw, range: [0, raw.length] as const, loc: { start: { line: 1, column: 0 }, end } };
  const words = { ...place, type: "Str" as const, value: raw };
  const paragraph = { ...place, type: "Paragraph" as const, children: [words] };
  return { ...place, type: "Document" as const, children: [paragraph] };
}
