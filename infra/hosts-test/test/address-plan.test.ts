import { isIPv4 } from "node:net";
import { expect, test } from "vitest";
import { planAddresses } from "../src/network/address-plan.ts";

const places = planAddresses();
const all = (of: (place: (typeof places)[number]) => unknown) => places.map(of);

test("there are the hosts of a deployment on many machines", () => {
  expect(all(({ name }) => name)).toEqual([
    ...["proxy1", "proxy2"],
    ...["signaling1", "signaling2", "signaling3"],
    ...["matchmaker1", "matchmaker2"],
    ...["redis1", "redis2", "redis3"],
    ...["clients1", "clients2"],
  ]);
});

test("each address and each interface is one host's", () => {
  const addresses = places.flatMap(({ address, gateway, slow }) => [address, gateway, slow.address, slow.gateway]);
  expect(new Set(addresses).size).toBe(4 * places.length);
  expect(addresses.filter((address) => !isIPv4(address))).toEqual([]);
  expect(new Set(all(({ port }) => port)).size).toBe(places.length);
});

test("a host and its gateway are in one network, which nobody else is in", () => {
  const networkOf = (address: string) => address.slice(0, address.lastIndexOf("."));
  for (const { address, gateway } of places) expect(networkOf(address)).toBe(networkOf(gateway));
  expect(new Set(all(({ address }) => networkOf(address))).size).toBe(places.length);
});
