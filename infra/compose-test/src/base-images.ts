import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Deployment } from "./deployment.ts";
import { docker } from "./docker.ts";

const dockerfile = fileURLToPath(new URL("../../../Dockerfile", import.meta.url));
const PULLED_WITHIN_MS = 300_000;

/** Those of the images that a deployment starts from which are not on this machine and can't be pulled either. */
export async function missingBaseImages(deployment: Deployment): Promise<string[]> {
  const named = (await readFile(dockerfile, "utf8")).matchAll(/^(?:FROM |ARG NODE_IMAGE=)(\S+:\S+)/gm);
  const builtOn = [...named].map(([, image = ""]) => image);
  const images = [...new Set([...builtOn, ...(await deployment.foreignImages())])];
  const there = await Promise.all(images.map(isThere));
  return images.filter((_, index) => !there[index]);
}

async function isThere(image: string): Promise<boolean> {
  return (await succeeds(["image", "inspect", image])) || succeeds(["pull", "--quiet", image]);
}

function succeeds(args: readonly string[]): Promise<boolean> {
  return docker(args, { timeoutMs: PULLED_WITHIN_MS }).then(
    () => true,
    () => false,
  );
}
