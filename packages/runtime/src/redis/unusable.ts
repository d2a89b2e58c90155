/** Thrown at the start if the configured Redis can't be used; `message` says what to do. */
export class UnusableRedisError extends Error {
  override readonly name = "UnusableRedisError";
}

/** The problem with the server that returned this `INFO server`; `undefined` if there is none. */
export function versionProblem(info: string): string | undefined {
  const field = (name: string) => new RegExp(`^${name}:(\\S+)`, "m").exec(info)?.[1];
  const valkey = field("valkey_version");
  const version = valkey ?? field("redis_version") ?? "unknown";
  const needed = valkey === undefined ? 7 : 8;
  if (Number.parseInt(version, 10) >= needed) return undefined;
  const product = valkey === undefined ? "Redis" : "Valkey";
  return `it is ${product} ${version}, and Switchyard needs Redis 7 or newer, or Valkey 8 or newer.`;
}

/** @param address `host:port` */
export function unreachable(address: string, error: unknown): UnusableRedisError {
  const { code, message } = error as NodeJS.ErrnoException; // where a name has several addresses there is only a code
  const reason = message || code;
  return new UnusableRedisError(`Redis at ${address} can't be reached (${reason}): start it, or set REDIS_URL.`);
}
