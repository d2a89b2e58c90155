import { readFileSync } from "node:fs";

/**
 * The version of the package that a module is part of.
 * @param module its `import.meta.url`; it lies right in the package's `src` or `dist`
 */
export function packageVersion(module: string): string {
  const text = readFileSync(new URL("../package.json", module), "utf8");
  return (JSON.parse(text) as { readonly version: string }).version;
}
