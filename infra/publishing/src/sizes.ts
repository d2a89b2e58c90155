import { writeFile } from "node:fs/promises";
import { join } from "node:path";
// @ts-expect-error it comes without types
import smallLibrary from "@size-limit/preset-small-lib";
import sizeLimit from "size-limit";

/** The most that an import may add to a page, minified and gzipped, with all that it brings. */
export interface Budget {
  readonly name: string;
  /** The imports, as after `export`. */
  readonly imports: readonly string[];
  readonly maxBytes: number;
  /** Libraries that the page has anyway. */
  readonly without?: readonly string[];
}

export const budgets: readonly Budget[] = [
  { name: "the core", imports: ['{ connect } from "@switchyard/client"'], maxBytes: 20_000 },
  {
    name: "the core and a dialect",
    imports: ['{ connect } from "@switchyard/client"', '{ random } from "@switchyard/client/random"'],
    maxBytes: 20_500,
  },
  {
    name: "the core, a dialect and calls",
    imports: [
      '{ connect } from "@switchyard/client"',
      '{ match } from "@switchyard/client/match"',
      '{ createCall, createMesh } from "@switchyard/client/call"',
    ],
    maxBytes: 27_000,
  },
  {
    name: "VideoCall",
    imports: ['{ VideoCall } from "@switchyard/react"'],
    maxBytes: 35_000,
    without: ["react", "react-dom"],
  },
  { name: "the file for pages without a bundler", imports: ['* from "@switchyard/client/browser"'], maxBytes: 27_000 },
];

/**
 * Bundles what each budget imports as a page in that directory would.
 * @returns bytes, in the order of the budgets
 */
export async function sizesOf(all: readonly Budget[], directory: string): Promise<number[]> {
  const checks = await Promise.all(
    all.map(async ({ imports, without = [] }, index) => {
      const entry = join(directory, `budget-${index}.mjs`);
      await writeFile(entry, imports.map((what) => `export ${what};\n`).join(""));
      return { files: [entry], ignore: without, gzip: true };
    }),
  );
  const sizes = (await sizeLimit(smallLibrary, { cwd: directory, checks })) as readonly { size: number }[];
  return sizes.map(({ size }) => size);
}
