import { type DestinationStream, type Logger, pino } from "pino";

export type { Logger };

/** Names of fields that could hold a secret, at the top of a line or one level below. */
const secretNames = ["token", "password", "secret", "auth", "pid", "authorization", "cookie"];

/**
 * The process's logger: JSON lines, or readable ones on a terminal. Fields that could hold a secret are never written.
 * Of an error only the type, message and stack are: an error of Redis also holds the refused command, and so a whole
 * packet.
 * @param fields written with every line: `{ service, node }`
 * @param destination receives the lines instead of the process's standard output
 */
export function createLogger(
  level: string,
  fields: Readonly<Record<string, string>>,
  destination?: DestinationStream,
): Logger {
  const options = {
    level,
    base: fields,
    redact: { paths: secretNames.flatMap((name) => [name, `*.${name}`]), censor: "hidden" },
    serializers: { err: describe },
  };
  if (destination) return pino(options, destination);
  if (process.stdout.isTTY)
    return pino({ ...options, transport: { target: "pino-pretty", options: { ignore: "pid,hostname,service" } } });
  // Written synchronously: if the reader of the pipe is gone, lines that are buffered when the process ends are retried
  // forever.
  return pino(options, pino.destination({ dest: process.stdout.fd, sync: true }));
}

interface ErrorDescription {
  readonly type: string;
  readonly message: string;
  readonly stack: string | undefined;
  readonly code?: string;
  readonly cause?: ErrorDescription;
}

function describe(error: unknown): ErrorDescription {
  if (!(error instanceof Error)) return { type: typeof error, message: String(error), stack: undefined };
  const { name, message, stack, cause } = error;
  const code = "code" in error && typeof error.code === "string" ? { code: error.code } : {};
  return { type: name, message, stack, ...code, ...(cause === undefined ? {} : { cause: describe(cause) }) };
}
