/** A token, or a function that gets a new one: asked before each connect, and shortly before the last one expires. */
export type Token = string | (() => string | Promise<string>);

/** How long before a token's end the next one is asked for. */
const MARGIN_MS = 60_000;
/** A timer can't be set for longer. */
const MAX_DELAY_MS = 2 ** 31 - 1;

/** The tokens of one connection. */
export class AccessToken {
  /** May be replaced at any time: by a function with newer variables, say. */
  source: Token | undefined;
  #renewal: ReturnType<typeof setTimeout> | undefined;
  readonly #renew: () => void;

  /** @param renew called when the token that was given last is about to expire, and there may be a new one */
  constructor(source: Token | undefined, renew: () => void) {
    this.source = source;
    this.#renew = renew;
  }

  get canBeRenewed(): boolean {
    return typeof this.source === "function";
  }

  /** One to show elsewhere: the connection's own stays as it is. */
  async read(): Promise<string | undefined> {
    return typeof this.source === "function" ? this.source() : this.source;
  }

  async next(): Promise<string | undefined> {
    const token = await this.read();
    this.stop();
    const delay = (expiryOf(token) ?? 0) * 1000 - Date.now() - MARGIN_MS;
    // A clock that is ahead makes each new token look old: the server then says when one has expired.
    if (this.canBeRenewed && delay > 0) this.#renewal = setTimeout(this.#renew, Math.min(delay, MAX_DELAY_MS));
    return token;
  }

  stop(): void {
    clearTimeout(this.#renewal);
  }
}

/** When a JWT expires (Unix time in seconds), as its own claim `exp` says. */
function expiryOf(token: string | undefined): number | undefined {
  const [, claims] = token?.split(".") ?? [];
  if (claims === undefined) return undefined;
  try {
    const { exp } = JSON.parse(atob(claims.replaceAll("-", "+").replaceAll("_", "/"))) as { exp?: unknown };
    return typeof exp === "number" ? exp : undefined;
  } catch {
    return undefined;
  }
}
