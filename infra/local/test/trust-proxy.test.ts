import { readConfig } from "@switchyard/runtime";
import { expect, test } from "vitest";
import { behindReverseProxy } from "../src/settings.ts";

test.each<[further: string, trusted: readonly string[] | number]>([
  ["", ["loopback"]],
  ["10.0.0.0/8, 192.0.2.1", ["loopback", "10.0.0.0/8", "192.0.2.1"]],
  ["1", 2],
])("with TRUST_PROXY=%j nodes trust the front door too: %j", (further, trusted) => {
  const given = readConfig(["TRUST_PROXY"], { TRUST_PROXY: further });
  const told = readConfig(["TRUST_PROXY"], { TRUST_PROXY: behindReverseProxy(given.TRUST_PROXY) });
  expect(told.TRUST_PROXY).toEqual(trusted);
});
