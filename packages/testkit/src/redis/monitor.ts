import { once } from "node:events";
import { connect } from "node:net";
import { createInterface } from "node:readline";
import type { Redis } from "ioredis";

/** A command that Redis was given: by a client, or by a script (`fromScript`). */
export type SeenCommand = (command: readonly string[], fromScript: boolean) => void;

const SAYS = /^\+[\d.]+ \[\d+ (\S+)\] (.*)$/;
const ARGUMENT = /"((?:[^"\\]|\\.)*)"/g;
const named: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", a: "\x07", b: "\b" };

/**
 * Has every command that one Redis server is given told (`MONITOR`), from now on until it is stopped. On a connection of its own: that of
 * ioredis throws where Redis is busy and the first commands come together with the answer to `MONITOR`.
 * @param concerns the lines of `MONITOR` to be read, where there are too many for all
 * @returns what stops it
 */
export async function openMonitor({ options }: Redis, seen: SeenCommand, concerns?: RegExp): Promise<() => void> {
  const { host = "127.0.0.1", port = 6379, username, password } = options;
  const socket = connect(port, host);
  const lines = createInterface({ input: socket });
  socket.on("error", () => {});
  await once(socket, "connect");
  if (password) socket.write(`AUTH ${username ?? "default"} ${password}\r\n`);
  socket.write("MONITOR\r\n");
  const begun = Promise.withResolvers<void>();
  let answersLeft = password ? 2 : 1;
  lines.on("line", (line) => {
    if (answersLeft === 0) return concerns?.test(line) === false ? undefined : report(line, seen);
    if (line !== "+OK") begun.reject(new Error(`Redis said: ${line}`));
    answersLeft -= 1;
    if (answersLeft === 0) begun.resolve();
  });
  await begun.promise;
  return () => socket.destroy();
}

function report(line: string, seen: SeenCommand): void {
  const [, source, command = ""] = SAYS.exec(line) ?? [];
  seen(
    [...command.matchAll(ARGUMENT)].map(([, text = ""]) => plain(text)),
    source === "lua",
  );
}

/** Redis writes what can't be printed as `\xHH`, or as in C. */
function plain(text: string): string {
  return text.replaceAll(/\\(?:x([0-9a-f]{2})|(.))/g, (_, code: string | undefined, letter: string) =>
    code === undefined ? (named[letter] ?? letter) : String.fromCharCode(Number.parseInt(code, 16)),
  );
}
