import { isIPv4, isIPv6 } from "node:net";

/** The shortest prefixes that can be banned: one for a whole country's users is a mistake. */
const SHORTEST = { 4: 8, 6: 16 } as const;
/** All the bits of an address that count: an IPv6 host has a network of its own (/64, RFC 6177) to take addresses from. */
const COUNTED = { 4: 32, 6: 64 } as const;

/** A network, as it is written and as it is compared. */
export interface Network {
  /** `203.0.113.0/24`, `2001:db8::/32`; a single IPv4 address without its length. */
  readonly text: string;
  /** `4` or `6`, and then each bit that all of its addresses begin with. */
  readonly bits: string;
}

/**
 * The network of an address, all bits that count: every network that it lies in is a beginning of it. An IPv4 address that is written as an
 * IPv6 one is what it is.
 * @param address also as `2001:db8:0:1::/64`
 */
export function networkOf(address: string): string | undefined {
  const [plain = ""] = address.split(/[%/]/);
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(plain)?.[1];
  if (isIPv4(mapped ?? plain)) return `4${bitsOf((mapped ?? plain).split(".").map(Number), 8)}`;
  if (!isIPv6(plain)) return undefined;
  return `6${bitsOf(groupsOf(plain).slice(0, 4), 16)}`;
}

/** The same network as operators read it, and as a ban names it: an IPv4 address, or the /64 of an IPv6 one. */
export function networkText(bits: string): string {
  return textOf(bits, bits.startsWith("4") ? 4 : 6, bits.length - 1);
}

/**
 * Reads an address, or a network in CIDR notation. An IPv6 network is at least a /64.
 * @returns `undefined` for anything else, and for networks that are too large to be banned
 */
export function readNetwork(text: string): Network | undefined {
  const [address = "", length, ...more] = text.trim().split("/");
  const all = networkOf(address);
  if (all === undefined || more.length > 0) return undefined;
  const family = all.startsWith("4") ? 4 : 6;
  const asked = length === undefined ? COUNTED[family] : Number(length);
  const isLength = length === undefined || /^\d{1,3}$/.test(length);
  if (!isLength || asked < SHORTEST[family] || asked > (family === 4 ? 32 : 128)) return undefined;
  const counted = Math.min(asked, COUNTED[family]);
  const bits = all.slice(0, 1 + counted);
  return { text: textOf(bits, family, counted), bits };
}

function textOf(bits: string, family: 4 | 6, length: number): string {
  const full = bits.slice(1).padEnd(COUNTED[family], "0");
  const size = family === 4 ? 8 : 16;
  const groups = Array.from({ length: 4 }, (_, i) => Number.parseInt(full.slice(i * size, (i + 1) * size), 2));
  if (family === 6) return `${shortened(`${groups.map((group) => group.toString(16)).join(":")}::`)}/${length}`;
  return length === 32 ? groups.join(".") : `${groups.join(".")}/${length}`;
}

/** The eight groups of an IPv6 address. */
function groupsOf(address: string): number[] {
  const [head = "", tail] = shortened(address).split("::");
  const left = head.split(":").filter(Boolean);
  const right = tail?.split(":").filter(Boolean) ?? [];
  const zeros = Array.from({ length: 8 - left.length - right.length }, () => "0");
  return [...left, ...zeros, ...right].map((group) => Number.parseInt(group, 16));
}

/** An IPv6 address in its one canonical form (RFC 5952). */
function shortened(address: string): string {
  return new URL(`http://[${address}]`).hostname.slice(1, -1);
}

function bitsOf(groups: readonly number[], size: number): string {
  return groups.map((group) => group.toString(2).padStart(size, "0")).join("");
}
