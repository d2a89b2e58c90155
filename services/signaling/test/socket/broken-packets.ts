import type { RawSocket } from "@switchyard/testkit";

/** The bytes that a bare client sends, and a name for them. */
export type Sending = readonly [what: string, send: (raw: RawSocket) => void];

/** Asks on `/random` for an answer, by which it shows that the connection is usable. */
export const LAST = '42/random,424242["where",{}]';

const frame = (firstByte: number, payload: string | Uint8Array) => (raw: RawSocket) =>
  raw.sendFrame(firstByte, Buffer.from(payload as Uint8Array));
const bytes =
  (...values: number[]) =>
  (raw: RawSocket) =>
    raw.write(Uint8Array.from(values));
export const texts =
  (...packets: string[]) =>
  (raw: RawSocket) => {
    for (const packet of packets) raw.sendText(packet);
  };

/** Packets on an open connection to `/random`, and what is no packet, after which no server can go on with it. */
export const breaking: readonly Sending[] = [
  ["an unknown Engine.IO packet", texts("9")],
  ["an empty message", texts("")],
  ["an Engine.IO open from a client, then garbage", texts('0{"sid":"x"}', "4")],
  ["an unknown Socket.IO packet", texts("49/random,[]")],
  ["an event that is cut off", texts('42/random,["join",{"userId":')],
  ["an event that is an object", texts('42/random,{"join":1}')],
  ["an event that is null", texts("42/random,null")],
  ["an event without a name", texts("42/random,[]")],
  ["an event whose name is null", texts("42/random,[null]")],
  ["an event whose name is a list", texts('42/random,[["join"]]')],
  ["a reserved name", texts('42/random,["disconnect"]')],
  ["another reserved name", texts('42/random,["newListener",{}]')],
  ["an event that is far over the limit", texts(`42/random,["join",{"userId":"${"x".repeat(300_000)}"}]`)],
  ["something over the limit that has no name", texts(`42/random,[{"x":"${"x".repeat(70_000)}"}]`)],
  ["a namespace over the limit", texts(`42/${"x".repeat(70_000)},["join"]`)],
  ["an event for a namespace that isn't open", texts('42/other,["join",{}]')],
  ["an event for the root namespace that isn't open", texts('42["join",{}]')],
  ["CONNECT again to an open namespace", texts("40/random,")],
  ["CONNECT twice at once", texts("40,", "40,")],
  ["CONNECT twice at once, with a private id", texts('40{"pid":"x.y","offset":"1"}', '40{"pid":"x.y","offset":"1"}')],
  ["CONNECT with a list", texts("40,[]")],
  ["CONNECT with a number", texts("40,5")],
  ["CONNECT that is cut off", texts('40,{"pid":')],
  ["CONNECT_ERROR from a client", texts('44/random,{"message":"x"}')],
  ["DISCONNECT with a payload", texts('41/random,["x"]')],
  ["a binary event with a count that is none", texts('45x-/random,["join",{}]')],
  ["a binary event over the limit", texts(`451-/random,["join",{"x":"${"x".repeat(300_000)}"}]`)],
  ["text that isn't UTF-8", frame(0x81, Uint8Array.from([0x34, 0x32, 0xff, 0xfe, 0xc3]))],
  ["a frame with reserved bits", frame(0xf1, "42")],
  ["a frame with an opcode that there isn't", frame(0x83, "42")],
  ["a continuation of nothing", frame(0x80, "42")],
  [
    "a message within a fragmented message",
    (raw) => {
      raw.sendFrame(0x01, Buffer.from("42/rand"));
      raw.sendFrame(0x81, Buffer.from("x"));
    },
  ],
  ["a fragmented ping", frame(0x09, "x")],
  ["a close frame of one byte", frame(0x88, "x")],
  ["a frame without a mask", bytes(0x81, 0x02, 0x34, 0x32)],
  ["a frame that claims to be endless", bytes(0x81, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 2, 3, 4)],
  ["HTTP in the middle", (raw) => raw.write(Buffer.from("GET / HTTP/1.1\r\n\r\n"))],
  ["noise", bytes(...Array.from({ length: 500 }, (_, i) => (i * 7919) % 256))],
];

/** Packets with binary, whole ones and others, which are dropped. */
export const binaries: readonly Sending[] = [
  ["a binary event", binary('451-/random,["audio-chunk",{"_placeholder":true,"num":0}]', 1)],
  ["a binary event that the dialect knows", binary('451-/random,["typing",{"_placeholder":true,"num":0}]', 1)],
  ["one whose attachments are over the limit of an event", binary('452-/random,["a",{}]', 2, 100_000)],
  ["one whose text is over the limit of an event", binary(`451-/random,["a",{"x":"${"x".repeat(100_000)}"}]`, 1)],
  ["a binary event without attachments", binary('450-/random,["join",{}]', 0)],
  ["one with more attachments than the stock decoder takes", binary('4530-/random,["a",{}]', 30)],
  ["one with fewer attachments than it announces", binary('4599999999-/random,["join",{}]', 3)],
  ["one with more attachments than it announces", binary('451-/random,["a",{"_placeholder":true,"num":0}]', 5)],
  ["a placeholder for an attachment that there isn't", binary('451-/random,["join",{"_placeholder":true,"num":7}]', 1)],
  ["an attachment that wasn't announced", (raw) => raw.sendBinary(Buffer.from("x"))],
  ["a binary event whose name is a number", binary('451-/random,[7,{"_placeholder":true,"num":0}]', 1)],
  ["a binary event with a reserved name", binary('451-/random,["disconnect",{"_placeholder":true,"num":0}]', 1)],
  ["a binary event with a name that is no end", binary(`451-/random,["${"x".repeat(500)}"]`, 1)],
  ["a binary acknowledgement", binary('461-/random,5[{"_placeholder":true,"num":-1}]', 1)],
];

/** A packet's text, and its attachments. */
function binary(text: string, attachments: number, bytes = 10) {
  return (raw: RawSocket) => {
    raw.sendText(text);
    for (let i = 0; i < attachments; i += 1) raw.sendBinary(Buffer.alloc(bytes, i));
  };
}
