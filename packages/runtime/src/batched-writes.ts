import type { Redis } from "ioredis";

/**
 * Sends everything that is written to a connection within one turn of the event loop as one text, with one system call: a busy node
 * handles many clients' messages in a turn, and a write of its own for each would cost more than all the rest.
 */
export function batchWrites(redis: Redis): void {
  redis.on("connect", () => {
    const { stream } = redis;
    const write = stream.write.bind(stream) as (data: string | Buffer) => boolean;
    let batch = "";
    const flush = () => {
      const text = batch;
      batch = "";
      if (stream.writable) write(text);
    };
    stream.write = (data: string | Uint8Array): boolean => {
      if (typeof data !== "string") {
        if (batch !== "") flush(); // binary arguments keep their place in the order
        return write(Buffer.from(data));
      }
      if (batch === "") setImmediate(flush);
      batch += data;
      return true;
    };
  });
}
