import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { pnpm } from "./dependencies.mjs";
import { inRoot, say, toolEnvironment, UserError } from "./workspace.mjs";

const WEB = inRoot("services", "web");
const BUILT = join(WEB, "dist", "index.html");
const NOT_SOURCES = new Set(["dist", "node_modules", "test"]);

/** Builds the page if it was never built, or if one of its sources is newer. */
export function ensurePage() {
  const sources = [WEB, ...workspaceSources(), inRoot("pnpm-lock.yaml")];
  if (existsSync(BUILT) && newest(sources) <= statSync(BUILT).mtimeMs) return;
  say("building the page …");
  const { code, output } = pnpm(["--filter", "@switchyard/web", "build"], toolEnvironment({ NODE_ENV: "production" }));
  if (code !== 0) throw new UserError(`${output}\nThe page could not be built; what the build says is above.`);
}

/** The packages of this workspace that the page is made of. */
function workspaceSources() {
  const { dependencies = {} } = JSON.parse(readFileSync(join(WEB, "package.json"), "utf8"));
  const own = Object.entries(dependencies).filter(([, version]) => version.startsWith("workspace:"));
  return own.map(([name]) => inRoot("packages", name.split("/")[1], "src"));
}

/** When anything under these paths was last changed; a directory's own time shows what was removed from it. */
function newest(paths) {
  return Math.max(
    ...paths.map((path) => {
      const status = statSync(path, { throwIfNoEntry: false });
      if (!status?.isDirectory()) return status?.mtimeMs ?? 0;
      const inside = readdirSync(path).filter((name) => !NOT_SOURCES.has(name));
      return Math.max(status.mtimeMs, newest(inside.map((name) => join(path, name))));
    }),
  );
}
