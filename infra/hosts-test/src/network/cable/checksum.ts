const VXLAN_BYTES = 8;
const ETHERNET_BYTES = 14;
const IPV4 = 0x0800;
const TCP = 6;
const CHECKSUM_AT = 16;
const PROTOCOL_AT = 9;
const SOURCE_AT = 12;
const ADDRESSES_END = 20;

/**
 * Puts the checksum into a TCP packet of IPv4 that lies in a VXLAN packet, and leaves everything else as it is. The kernel leaves that
 * to the network card, and here there is none.
 */
export function completeChecksum(packet: Buffer): void {
  const ip = VXLAN_BYTES + ETHERNET_BYTES;
  if (packet.length < ip + ADDRESSES_END || packet.readUInt16BE(ip - 2) !== IPV4) return;
  if (packet[ip + PROTOCOL_AT] !== TCP) return;
  const headerBytes = ((packet[ip] ?? 0) & 0x0f) * 4;
  const from = ip + headerBytes;
  const to = ip + packet.readUInt16BE(ip + 2);
  if (to > packet.length || from + CHECKSUM_AT + 2 > to) return;
  packet.writeUInt16BE(0, from + CHECKSUM_AT);
  const pseudoHeader = TCP + (to - from) + sumOf(packet, ip + SOURCE_AT, ip + ADDRESSES_END);
  packet.writeUInt16BE(~folded(pseudoHeader + sumOf(packet, from, to)) & 0xffff, from + CHECKSUM_AT);
}

function sumOf(packet: Buffer, from: number, to: number): number {
  let sum = 0;
  for (let at = from; at + 1 < to; at += 2) sum += packet.readUInt16BE(at);
  return (to - from) % 2 === 1 ? sum + (packet[to - 1] ?? 0) * 0x100 : sum;
}

function folded(sum: number): number {
  return sum > 0xffff ? folded((sum & 0xffff) + Math.floor(sum / 0x10000)) : sum;
}
