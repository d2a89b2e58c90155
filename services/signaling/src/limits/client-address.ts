import type { IncomingMessage } from "node:http";
import { isIPv6 } from "node:net";
import proxyAddress from "@fastify/proxy-addr";

/** Whether the `X-Forwarded-*` of a peer is trusted: its address, and how many proxies are between it and this node. */
export type Trust = (address: string, hop: number) => boolean;

/** @param trusted `TRUST_PROXY`: addresses, networks and their names, or how many proxies there are */
export function trustIn(trusted: readonly string[] | number): Trust {
  if (typeof trusted === "number") return (_address, hop) => hop < trusted;
  return trusted.length === 0 ? () => false : proxyAddress.compile([...trusted]);
}

/** The address whose limits a request counts against; `undefined` if the client has gone: a connection that was reset no longer has one. */
export function clientAddress(request: IncomingMessage, trust: Trust): string | undefined {
  if (request.socket.remoteAddress === undefined) return undefined;
  return addressGroup(proxyAddress(request, trust));
}

/**
 * An address, as limits count it. An IPv6 host has a network of its own (/64, RFC 6177) to take addresses from: that counts as one. An
 * IPv4 address that is written as an IPv6 one is what it is.
 */
export function addressGroup(address: string): string {
  const [plain = ""] = address.split("%"); // an IPv6 zone
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(plain)?.[1];
  if (mapped !== undefined) return mapped;
  if (!isIPv6(plain)) return plain;
  const full = new URL(`http://[${plain}]`).hostname.slice(1, -1); // in its one canonical form
  const [head = "", tail] = full.split("::");
  const left = head.split(":").filter(Boolean);
  const right = tail?.split(":").filter(Boolean) ?? [];
  const zeros = Array.from({ length: 8 - left.length - right.length }, () => "0");
  return `${[...left, ...zeros, ...right].slice(0, 4).join(":")}::/64`;
}
