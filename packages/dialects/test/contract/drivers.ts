import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Driver } from "./driver.ts";
import { dialects } from "./served.ts";

/** Every dialect that has to keep the contract, with how its clients do what they all do: it lies beside the dialect's own tests. */
export const drivers: readonly Driver[] = await Promise.all(dialects.map(({ name }) => driverOf(name)));

/** @throws Error if the dialect has none */
async function driverOf(name: string): Promise<Driver> {
  const path = fileURLToPath(new URL(`../${name}/driver.ts`, import.meta.url));
  if (!existsSync(path)) {
    throw new Error(`The dialect "${name}" has no driver: packages/dialects/test/${name}/driver.ts has to export one.`);
  }
  const { driver } = (await import(path)) as { readonly driver: Driver };
  return driver;
}
