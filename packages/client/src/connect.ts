import type { Token } from "./access-token.ts";
import { Connection, type ConnectOptions, type Ending } from "./connection.ts";
import type { Dialect } from "./dialect.ts";
import { Link } from "./link.ts";

/**
 * How long a connection stays without users. React's StrictMode, a change of route and a hot reload end a use and begin the next one
 * at once.
 */
const LINGER_MS = 500;

interface Shared {
  readonly link: Link;
  users: number;
  end: ReturnType<typeof setTimeout> | undefined;
}

const shared = new Map<string, Shared>();

/**
 * Connects to a cluster, in one dialect. All that connect with the same options share the connection.
 * @param url of the server; empty in a page that the server itself serves
 */
export function connect<Sent extends object, Received extends object, Options extends object>(
  url: string,
  options: { dialect: Dialect<Sent, Received, Options> } & NoInfer<Options> & ConnectOptions,
): Connection<Sent, Received, Options> {
  const { dialect, token, timeoutMs, path } = options;
  const address = `${url.replace(/\/+$/, "")}/${dialect.name}`;
  const auth = dialect.auth?.(options) ?? {};
  const opening = dialect.opened(options);
  const key = JSON.stringify([address, path, options.key ?? [opening, auth, personOf(options, token)]]);
  const entry = shared.get(key) ?? {
    link: new Link({ url: address, token, auth, opening, left: dialect.left, path }),
    users: 0,
    end: undefined,
  };
  shared.set(key, entry);
  clearTimeout(entry.end);
  entry.users += 1;
  if (entry.link.state.get().status === "lost") entry.link.reconnect();
  entry.link.token.source = token; // the newest function has the newest variables
  return new Connection(dialect, entry.link, (ending) => release(key, entry, ending), timeoutMs);
}

const functions = new WeakMap<object, number>();
let functionsSeen = 0;

/** The user that connects: the one whom the options name; else the one of the token, or of the function that gets tokens. */
function personOf(options: object, token: Token | undefined): unknown {
  const userId = "userId" in options ? options.userId : undefined;
  if (userId !== undefined || typeof token !== "function") return [userId, token];
  if (!functions.has(token)) functionsSeen += 1;
  const number = functions.get(token) ?? functionsSeen;
  functions.set(token, number);
  return number;
}

function release(key: string, entry: Shared, { isEnd = false, lingerMs = LINGER_MS }: Ending): void {
  entry.users -= 1;
  if (isEnd || (entry.users <= 0 && lingerMs === 0)) end(key, entry);
  else if (entry.users <= 0) entry.end = setTimeout(() => end(key, entry), lingerMs);
}

function end(key: string, entry: Shared): void {
  clearTimeout(entry.end);
  if (shared.get(key) === entry) shared.delete(key);
  entry.link.close();
}
