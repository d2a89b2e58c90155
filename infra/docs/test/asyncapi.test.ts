import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fromFile, Parser } from "@asyncapi/parser";
import { dialects } from "@switchyard/dialects";
import { expect, test } from "vitest";
import { root } from "../src/repository.ts";

const path = join(root, "docs/asyncapi.yaml");
const { document, diagnostics } = await fromFile(new Parser(), path).parse();

test("the official parser finds nothing to say against it", () => {
  expect(diagnostics.map(({ message, path: at }) => `${at.join("/")}: ${message}`)).toEqual([]);
});

test.for(dialects)(
  "$name: every event is there, and every event of a client is acknowledged",
  ({ name, clientEvents, serverEvents }) => {
    const operations = document?.operations().all() ?? [];
    const own = operations.filter((operation) => operation.id()?.startsWith(`${name}.`));
    const namesOf = (action: string) =>
      own
        .filter((operation) => operation.action() === action)
        .flatMap((operation) => operation.messages().all())
        .map((message) => message.name());
    expect(namesOf("receive")).toEqual(Object.keys(clientEvents));
    expect(namesOf("send")).toEqual(Object.keys(serverEvents));
    expect(own.filter((operation) => operation.reply() !== undefined)).toHaveLength(Object.keys(clientEvents).length);
  },
);

test.for(dialects)("$name: what is described is what is served", ({ clientEvents, commands }) => {
  expect([...commands.keys()].toSorted()).toEqual(Object.keys(clientEvents).toSorted());
});

test("what every payload refers to is there", () => {
  const text = readFileSync(path, "utf8");
  const schemas = document?.components().schemas().all() ?? [];
  const known = new Set(schemas.map((schema) => schema.id()));
  const referred = [...text.matchAll(/#\/components\/schemas\/(\w+)/g)].map(([, name = ""]) => name);
  expect(referred.filter((name) => !known.has(name))).toEqual([]);
});

test("the parser does find what is wrong", async () => {
  const channel = { address: "/", messages: { hello: { payload: { type: "string" } } } };
  const operation = { action: "listen", channel: { $ref: "#/channels/root" } };
  const broken = {
    asyncapi: "3.0.0",
    info: { title: "Broken", version: "1.0.0" },
    channels: { root: channel },
    operations: { "root.receive": operation },
  };
  const { diagnostics: found } = await new Parser().parse(JSON.stringify(broken));
  expect(found.map(({ path: at }) => at.join("/"))).toContain("operations/root.receive/action");
});
