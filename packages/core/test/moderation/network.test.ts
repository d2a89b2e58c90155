import { describe, expect, test } from "vitest";
import { networkOf, readNetwork } from "../../src/network.ts";

/** Bits by groups, in the way that they are written. */
const bits = (family: 4 | 6, ...groups: readonly number[]) =>
  family + groups.map((group) => group.toString(2).padStart(family === 4 ? 8 : 16, "0")).join("");

describe("the network of an address", () => {
  test.each([
    ["203.0.113.7", bits(4, 203, 0, 113, 7)],
    ["::ffff:203.0.113.7", bits(4, 203, 0, 113, 7)],
    ["2001:db8:1:2:3:4:5:6", bits(6, 0x2001, 0xdb8, 1, 2)],
    ["2001:db8:1:2::/64", bits(6, 0x2001, 0xdb8, 1, 2)],
    ["2001:db8::1", bits(6, 0x2001, 0xdb8, 0, 0)],
    ["::1", bits(6, 0, 0, 0, 0)],
    ["fe80::1%eth0", bits(6, 0xfe80, 0, 0, 0)],
    ["1::2:3:4:5:6:7", bits(6, 1, 0, 2, 3)],
  ])("%s", (address, expected) => {
    expect(networkOf(address)).toBe(expected);
  });

  test.each(["", "unknown", "203.0.113", "1::2::3"])("%j has none", (address) => {
    expect(networkOf(address)).toBeUndefined();
  });
});

describe("a network to be banned", () => {
  test.each([
    ["203.0.113.7", "203.0.113.7", 32],
    ["203.0.113.7/32", "203.0.113.7", 32],
    ["203.0.113.7/24", "203.0.113.0/24", 24],
    ["10.255.0.0/8", "10.0.0.0/8", 8],
    ["203.0.113.255/31", "203.0.113.254/31", 31],
    ["2001:db8:1:2::5", "2001:db8:1:2::/64", 64],
    ["2001:db8:1:2::5/128", "2001:db8:1:2::/64", 64],
    ["2001:DB8:1:ffff::/49", "2001:db8:1:8000::/49", 49],
    ["2001:db8::/32", "2001:db8::/32", 32],
    ["2001::/16", "2001::/16", 16],
  ])("%s is %s", (text, expected, length) => {
    const network = readNetwork(text);
    expect([network?.text, network?.bits.length]).toEqual([expected, 1 + length]);
    expect(networkOf(text.split("/")[0] ?? "")?.startsWith(network?.bits ?? "?")).toBe(true);
  });

  test.each([
    "0.0.0.0/0",
    "10.0.0.0/7",
    "::/0",
    "2001::/15",
    "203.0.113.0/33",
    "203.0.113.0/-1",
    "203.0.113.0/",
    "203.0.113.0/24/24",
    "2001:db8::/129",
    "anna",
    "",
  ])("%j is none", (text) => {
    expect(readNetwork(text)).toBeUndefined();
  });
});
