import type { IncomingMessage } from "node:http";
import { ConfigError, readConfig } from "@switchyard/runtime";
import { describe, expect, test } from "vitest";
import { addressGroup, clientAddress, trustIn } from "../../src/limits/client-address.ts";

const trustOf = (text: string) => trustIn(readConfig(["TRUST_PROXY"], { TRUST_PROXY: text }).TRUST_PROXY);

/** Where a request comes from that reached the node from `peer`. */
function from(peer: string, forwarded: string | undefined, trusted: string): string | undefined {
  const headers = forwarded === undefined ? {} : { "x-forwarded-for": forwarded };
  return clientAddress({ headers, socket: { remoteAddress: peer } } as IncomingMessage, trustOf(trusted));
}

describe("TRUST_PROXY", () => {
  test.each<[trusted: string, peer: string, forwarded: string | undefined, client: string]>([
    ["", "203.0.113.7", undefined, "203.0.113.7"],
    ["", "203.0.113.7", "198.51.100.1", "203.0.113.7"],
    ["", "127.0.0.1", "198.51.100.1", "127.0.0.1"],
    ["loopback", "127.0.0.1", "198.51.100.1", "198.51.100.1"],
    ["loopback", "::ffff:127.0.0.1", "198.51.100.1", "198.51.100.1"],
    ["loopback", "203.0.113.7", "198.51.100.1", "203.0.113.7"],
    ["loopback", "127.0.0.1", "1.1.1.1, 198.51.100.1", "198.51.100.1"],
    ["loopback, 198.51.100.0/24", "127.0.0.1", "1.1.1.1, 203.0.113.7, 198.51.100.1", "203.0.113.7"],
    ["uniquelocal", "10.1.2.3", "203.0.113.7", "203.0.113.7"],
    ["2001:db8::/32", "2001:db8::1", "203.0.113.7", "203.0.113.7"],
    ["1", "192.0.2.1", "1.1.1.1, 203.0.113.7", "203.0.113.7"],
    ["2", "192.0.2.1", "1.1.1.1, 203.0.113.7, 192.0.2.2", "203.0.113.7"],
  ])("%j, a request from %s for %s: it is %s's", (trusted, peer, forwarded, client) => {
    expect(from(peer, forwarded, trusted)).toBe(client);
  });

  test.each(["everyone", "10.0.0.0/33", "10.0.0.0/8/8", "2001:db8::/129", "300.1.1.1", "-1"])(
    "%j stops the start",
    (text) => expect(() => trustOf(text)).toThrow(ConfigError),
  );
});

test.each([
  ["203.0.113.7", "203.0.113.7"],
  ["::ffff:203.0.113.7", "203.0.113.7"],
  ["::FFFF:203.0.113.7", "203.0.113.7"],
  ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
  ["2001:0DB8:1:2::ffff", "2001:db8:1:2::/64"],
  ["2001:db8::1", "2001:db8:0:0::/64"],
  ["fe80::1%eth0", "fe80:0:0:0::/64"],
  ["::1", "0:0:0:0::/64"],
  ["unknown", "unknown"],
])("%s counts as %s", (address, group) => {
  expect(addressGroup(address)).toBe(group);
});
