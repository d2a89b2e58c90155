import { build, defaultClientConditions } from "vite";

/**
 * Code for the browser as one script.
 * @param entry the path of a module
 * @param name the global that gets its exports
 */
export async function bundled(entry: string, name: string): Promise<string> {
  const lib = { entry, formats: ["iife" as const], name };
  const outcome = await build({
    configFile: false,
    logLevel: "silent",
    resolve: { conditions: ["source", ...defaultClientConditions] },
    build: { lib, write: false, minify: false },
  });
  const [output] = Array.isArray(outcome) ? outcome : [outcome];
  if (!output || !("output" in output)) throw new Error(`${entry} was not bundled.`);
  return output.output[0].code;
}
