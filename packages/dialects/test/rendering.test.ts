import type { Feature, pairing, population } from "@switchyard/core";
import type { CoreEvent } from "@switchyard/protocol";
import { expect, test } from "vitest";
import { type Rendering, renderText } from "../src/dialect.ts";
import { dialects } from "../src/index.ts";
import { render } from "../src/random/render.ts";

const { population: populationOf, paired, ...others } = render;

// What does not compile here is what the types have to demand: tsc checks these lines with all tests.
// @ts-expect-error an event of a feature that is used is not rendered
const incomplete: Rendering<readonly [typeof pairing, typeof population]> = { ...others, paired };
const less: Rendering<readonly [typeof pairing]> = { ...others, paired };
// @ts-expect-error an event that comes with a seat is not to be silent
const silent: Rendering<readonly [typeof pairing]> = { ...others, paired: () => undefined };

test("a dialect renders the events of its features, and no others", () => {
  expect([incomplete, less, silent].map((rendering) => "population" in rendering)).toEqual([false, false, false]);
  for (const { features, render: rendering } of dialects) {
    const events = features.flatMap((feature: Feature) => [...feature.events]);
    expect(new Set(Object.keys(rendering))).toEqual(new Set([...events, "replaced", "refused", "shutdown"]));
  }
});

test("an event may become nothing, one event, or several in their order", () => {
  const [dialect] = dialects;
  if (!dialect) throw new Error("there are dialects");
  const entered = { type: "entered", room: "room", members: [] } as unknown as CoreEvent;
  const rendering = (rendered: () => undefined | readonly [string] | readonly (readonly [string])[]) =>
    renderText({ ...dialect, render: { ...dialect.render, entered: rendered } }, entered);
  expect(rendering(() => undefined)).toBeUndefined();
  expect(rendering(() => [])).toBeUndefined();
  expect(rendering(() => ["join"])).toBe('["join"]');
  expect(rendering(() => [["join"], ["ready"]])).toBe('["join"]\n["ready"]');
  expect(populationOf({ type: "population", count: 2 })).toEqual(["user_count_update", { count: 2 }]);
});
