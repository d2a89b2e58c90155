import { readFileSync } from "node:fs";
import { join } from "node:path";
import { validate } from "@readme/openapi-parser";
import { api } from "@switchyard/signaling";
import { expect, test } from "vitest";
import { root } from "../src/repository.ts";

interface Document {
  paths: Record<string, Record<string, { operationId: string; responses: Record<string, unknown> }>>;
}

const read = (): Document => JSON.parse(readFileSync(join(root, "docs/openapi.json"), "utf8")) as Document;
const check = (document: Document) => validate(document as unknown as Parameters<typeof validate>[0]);

test("the parser finds nothing to say against it", async () => {
  expect(await check(read())).toMatchObject({ valid: true, warnings: [] });
});

test("every route is there, with every answer", () => {
  const { paths } = read();
  const answers = api.map(({ method, path }) => Object.keys(paths[path]?.[method]?.responses ?? {}));
  expect(answers).toEqual(api.map(({ responses }) => Object.keys(responses)));
});

test("the parser does find what is wrong", async () => {
  const broken = read();
  const root = broken.paths["/"]?.["get"];
  if (root) root.operationId = broken.paths["/health"]?.["get"]?.operationId ?? "";
  expect(await check(broken)).toMatchObject({ valid: false });
});
