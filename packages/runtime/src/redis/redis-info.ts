/** Redis's own figures: the text that `INFO` returns. A field that this server does not have is `undefined`. */
export class RedisInfo {
  readonly #fields: ReadonlyMap<string, string>;

  constructor(text: string) {
    const lines = text.split(/\r?\n/).filter((line) => line.includes(":"));
    this.#fields = new Map(lines.map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1)]));
  }

  text(field: string): string | undefined {
    return this.#fields.get(field);
  }

  number(field: string): number | undefined {
    const value = Number(this.#fields.get(field) ?? Number.NaN);
    return Number.isNaN(value) ? undefined : value;
  }

  /** Whether a field has that text. */
  is(field: string, text: string): boolean | undefined {
    const value = this.#fields.get(field);
    return value === undefined ? undefined : value === text;
  }

  /** Fields that have a name of their own and several values, `cmdstat_get:calls=1,usec=2`, by that name. */
  *entries(prefix: string): Generator<readonly [name: string, value: (key: string) => number]> {
    for (const [field, text] of this.#fields) {
      if (!field.startsWith(prefix)) continue;
      const values = new Map(text.split(",").map((pair) => pair.split("=") as [string, string]));
      yield [field.slice(prefix.length), (key) => Number(values.get(key) ?? 0)];
    }
  }
}
