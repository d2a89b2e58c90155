import { expect, test } from "vitest";
import { environment, run } from "./sy-process.ts";

test("answers on its standard output, and ends with the code", async () => {
  const { code, stdout, stderr } = await run(environment(), "queues", "--json");
  expect([code, stderr]).toEqual([0, ""]);
  expect(JSON.parse(stdout)).toHaveProperty("queues");
});

test("2 for a call that can't be used", async () => {
  expect(await run(environment(), "rooms", "--limit", "some")).toMatchObject({
    code: 2,
    stdout: "",
    stderr: "sy: --limit must be a whole number, at least 1\n",
  });
});
