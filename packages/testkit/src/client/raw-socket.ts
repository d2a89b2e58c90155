import { randomBytes } from "node:crypto";
import { connect } from "node:net";
import { until } from "../until.ts";

const TEXT = 1;
const BINARY = 2;
const CLOSE = 8;

export type RawHeaders = Readonly<Record<string, string>>;

/** A bare WebSocket (RFC 6455) that can send what no library would: any packet, any frame, any bytes. */
export interface RawSocket {
  /** The texts that arrived: Engine.IO packets. Pings are answered and not listed. */
  readonly received: readonly string[];
  readonly isClosed: boolean;
  sendText(text: string): void;
  sendBinary(bytes: Uint8Array): void;
  /** @param firstByte flags and opcode of the frame */
  sendFrame(firstByte: number, payload: Uint8Array): void;
  write(bytes: Uint8Array): void;
  /** Reads nothing more, so that the other side's buffers fill. */
  stopReading(): void;
  close(): void;
}

/**
 * Opens one to a node of this machine.
 * @param extraHeaders further headers of its handshake
 */
export async function openRawSocket(
  port: number,
  query = "EIO=4&transport=websocket",
  extraHeaders: RawHeaders = {},
): Promise<RawSocket> {
  const socket = connect(port, "127.0.0.1");
  const received: string[] = [];
  let isClosed = false;
  let buffer: Buffer = Buffer.alloc(0);
  let upgraded = false;
  socket
    .on("error", () => {})
    .on("close", () => {
      isClosed = true;
    });
  const sendFrame = (firstByte: number, payload: Uint8Array) => socket.write(maskedFrame(firstByte, payload));
  const sendText = (text: string) => void sendFrame(0x80 | TEXT, Buffer.from(text));
  socket.on("data", (chunk: Buffer) => {
    buffer = Buffer.concat([buffer, chunk]);
    const end = upgraded ? 0 : buffer.indexOf("\r\n\r\n") + 4;
    if (!upgraded && end === 3) return;
    upgraded = true;
    buffer = buffer.subarray(end);
    for (let frame = readFrame(buffer); frame; frame = readFrame(buffer)) {
      buffer = buffer.subarray(frame.length);
      if (frame.opcode === CLOSE) socket.end();
      else if (frame.text === "2") sendText("3");
      else received.push(frame.text);
    }
  });
  const key = randomBytes(16).toString("base64");
  const headers = ["Host: localhost", "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13"];
  for (const [name, value] of Object.entries(extraHeaders)) headers.push(`${name}: ${value}`);
  socket.write([`GET /socket.io/?${query} HTTP/1.1`, ...headers, `Sec-WebSocket-Key: ${key}`, "", ""].join("\r\n"));
  await until("a bare WebSocket to be open or refused", () => upgraded || isClosed);
  return {
    received,
    get isClosed() {
      return isClosed;
    },
    sendText,
    sendBinary: (bytes) => void sendFrame(0x80 | BINARY, bytes),
    sendFrame,
    write: (bytes) => void socket.write(bytes),
    stopReading: () => void socket.pause(),
    close: () => void socket.destroy(),
  };
}

function maskedFrame(firstByte: number, payload: Uint8Array): Buffer {
  const mask = randomBytes(4);
  const length = payload.length;
  const size = Buffer.alloc(length < 126 ? 1 : length < 65_536 ? 3 : 9);
  if (length < 126) size.writeUInt8(0x80 | length);
  else if (length < 65_536) {
    size.writeUInt8(0x80 | 126);
    size.writeUInt16BE(length, 1);
  } else {
    size.writeUInt8(0x80 | 127);
    size.writeBigUInt64BE(BigInt(length), 1);
  }
  const masked = Buffer.from(payload).map((byte, i) => byte ^ (mask[i % 4] ?? 0));
  return Buffer.concat([Buffer.from([firstByte]), size, mask, masked]);
}

/** The first whole frame of what a server sent (unmasked, not in fragments). */
function readFrame(buffer: Buffer): { opcode: number; text: string; length: number } | undefined {
  if (buffer.length < 2) return undefined;
  const short = buffer.readUInt8(1);
  const head = short < 126 ? 2 : short === 126 ? 4 : 10;
  if (buffer.length < head) return undefined;
  const size = short < 126 ? short : short === 126 ? buffer.readUInt16BE(2) : Number(buffer.readBigUInt64BE(2));
  if (buffer.length < head + size) return undefined;
  const text = buffer.subarray(head, head + size).toString();
  return { opcode: buffer.readUInt8(0) & 0x0f, text, length: head + size };
}
