import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { inRoot, node24, say, UserError } from "./workspace.mjs";

const LIST = ["infra", "bootstrap", "node-binary.json"];

/**
 * Makes sure that the Node that was installed is the listed one, before it runs. The lockfile does not cover it: the
 * package `node` fetches the binary in its install script, from another package, by name and version only.
 * @throws UserError when it is another one
 */
export function checkNodeBinary(platform = `${process.platform}-${process.arch}`) {
  const { version, sha256 } = JSON.parse(readFileSync(inRoot(...LIST), "utf8"));
  const wanted = sha256[platform];
  if (wanted === undefined) return say(`Node's binary for ${platform} is not in ${LIST.join("/")}: it is not checked.`);
  const found = createHash("sha256").update(readFileSync(node24)).digest("hex");
  if (found === wanted) return;
  throw new UserError(
    `The Node that was installed is not the binary of version ${version} that ${LIST.join("/")} lists ` +
      `(SHA-256 ${found}): don't use it. If you changed the version, change the list too.`,
  );
}
