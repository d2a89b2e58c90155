import { expect, test } from "vitest";
import { hashOf, parseRoute } from "../src/shared/route.ts";

test("a link leads to its page, with what it brings along", () => {
  const { tab, parameters } = parseRoute(hashOf("match", { match: "a b&c" }));
  expect([tab, parameters.get("match")]).toEqual(["match", "a b&c"]);
  expect(parseRoute("#/rooms")).toMatchObject({ tab: "rooms" });
});

test("without a page, or with an unknown one, it is the random one", () => {
  for (const hash of ["", "#", "#/", "#/elsewhere?x=1", "#/Match"]) expect(parseRoute(hash).tab).toBe("random");
});
