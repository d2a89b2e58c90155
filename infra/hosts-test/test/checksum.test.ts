import { expect, test } from "vitest";
import { completeChecksum } from "../src/network/cable/checksum.ts";

const IP_AT = 8 + 14;
const TCP_AT = IP_AT + 20;

/** A TCP packet of IPv4 in a VXLAN packet, with a checksum that the kernel left unfinished. */
function packetWith(payload: string, protocol = 6): Buffer {
  const bytes = Buffer.from(payload);
  const packet = Buffer.alloc(TCP_AT + 20 + bytes.length);
  packet.writeUInt16BE(0x0800, IP_AT - 2);
  packet[IP_AT] = 0x45;
  packet.writeUInt16BE(40 + bytes.length, IP_AT + 2);
  packet[IP_AT + 9] = protocol;
  packet.set([10, 77, 1, 2, 10, 77, 2, 2], IP_AT + 12);
  packet.writeUInt16BE(0x1234, TCP_AT + 16);
  packet.set(bytes, TCP_AT + 20);
  return packet;
}

/** What a receiver adds up: all ones where the checksum is right. */
function sumOfReceiver(packet: Buffer): number {
  const tcp = packet.subarray(TCP_AT);
  const words = [packet.subarray(IP_AT + 12, TCP_AT), tcp].flatMap((part) =>
    Array.from({ length: Math.ceil(part.length / 2) }, (_, i) => (part[2 * i] ?? 0) * 0x100 + (part[2 * i + 1] ?? 0)),
  );
  return words.reduce((sum, word) => ((sum + word) & 0xffff) + ((sum + word) >>> 16), 6 + tcp.length);
}

test.for(["", "even", "odd", "x".repeat(1401)])("a receiver accepts a packet with %j", (payload) => {
  const packet = packetWith(payload);
  expect(sumOfReceiver(packet)).not.toBe(0xffff);
  completeChecksum(packet);
  expect(sumOfReceiver(packet)).toBe(0xffff);
});

test("leaves everything alone that is no TCP packet, or is cut off", () => {
  const others = [packetWith("even", 17), packetWith("even").subarray(0, TCP_AT + 8), Buffer.alloc(8)];
  for (const packet of others) {
    const before = Buffer.from(packet);
    completeChecksum(packet);
    expect(packet).toEqual(before);
  }
});
