/** What the test prints, and whether it has passed. */
export class Report {
  readonly #failures: string[] = [];
  #passed = 0;

  get hasPassed(): boolean {
    return this.#failures.length === 0;
  }

  /** A heading for what follows. */
  begin(what: string): void {
    this.say(`\n> ${what}`);
  }

  say(line: string): void {
    process.stdout.write(`${line}\n`);
  }

  /** @param otherwise what is wrong where it does not hold */
  check(claim: string, holds: boolean, otherwise: string): void {
    if (!holds) return this.fail(`${claim}: ${otherwise}`);
    this.#passed += 1;
    this.say(`ok: ${claim}`);
  }

  fail(what: string): void {
    this.#failures.push(what);
    this.say(`FAILED: ${what}`);
  }

  finish(): void {
    this.say(`\n${this.#passed} passed, ${this.#failures.length} failed`);
    for (const failure of this.#failures) this.say(`  ${failure}`);
  }
}
