import { expect } from "vitest";
import type { Person } from "../browser/person.ts";
import type { Stage } from "../browser/stage.ts";

/** Two come to one match, each on a node of its own. The link leads others there. */
export async function meet({ person }: Pick<Stage, "person">): Promise<{ one: Person; two: Person; link: string }> {
  const one = await person("#/match");
  await one.press("enter");
  await one.sees("status", "waiting for the other one");
  const link = new URL(await one.reads("link")).hash;
  const two = await person(link);
  await two.press("enter");
  await Promise.all([one.sees("status", "is here"), two.sees("status", "is here")]);
  expect(await two.read("match")).toBe(await one.read("match"));
  return { one, two, link };
}
