import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** The list of test files, printed as they end; on a terminal the last line shows what runs at the moment. */
export class Progress {
  #paths;
  /** Holds how long each file took the last time, in milliseconds, by its path. */
  #durations;
  #from = performance.now();
  /** Since when each file runs. */
  #running = new Map();
  #lastMs;
  #tookMs = {};
  #isTerminal = process.stdout.isTTY === true;

  /**
   * @param {string[]} paths of all files that are to run
   * @param {string} root the directory whose `node_modules` keeps the durations for the next run
   */
  constructor(paths, root) {
    this.#paths = paths;
    this.#durations = join(root, "node_modules", ".switchyard-test-durations.json");
    this.#lastMs = readDurations(this.#durations);
  }

  begin(path) {
    this.interrupt(() => this.#running.set(path, performance.now()));
  }

  /** @param {{ tests: number, failed: number, durationMs: number }} outcome */
  end(path, { tests, failed, durationMs }) {
    this.#running.delete(path);
    this.#tookMs[path] = Math.round(durationMs);
    const outcome = failed > 0 ? `, ${failed} FAILED` : "";
    const line = `[${this.#position()}] ${path}: ${tests} tests${outcome}, ${(durationMs / 1000).toFixed(1)} s`;
    this.interrupt(() => process.stdout.write(`${line}${this.#isTerminal ? "" : this.#left()}\n`));
  }

  /** Does something, such as printing, above the line that shows what runs. */
  interrupt(act) {
    if (this.#isTerminal) process.stdout.write("\r\x1b[K");
    act();
    if (!this.#isTerminal || this.#running.size === 0) return;
    const line = `[${this.#position()}${this.#left()}] ${[...this.#running.keys()].join(", ")}`;
    process.stdout.write(line.slice(0, (process.stdout.columns ?? 80) - 1));
  }

  close() {
    this.#running.clear();
    this.interrupt(() => {});
    writeDurations(this.#durations, { ...this.#lastMs, ...this.#tookMs });
  }

  #position() {
    const total = String(this.#paths.length);
    return `${String(Object.keys(this.#tookMs).length).padStart(total.length)}/${total}`;
  }

  /** A remaining file takes as long as it took last time, or else the mean, with as many files at a time as until now. */
  #left() {
    const now = performance.now();
    const ended = Object.values(this.#tookMs);
    const toCome = this.#paths.filter((path) => !(path in this.#tookMs));
    if (ended.length === 0 || toCome.length === 0) return "";
    const sum = (values) => values.reduce((total, value) => total + value, 0);
    const running = (path) => now - (this.#running.get(path) ?? now);
    const mean = sum(ended) / ended.length;
    const expected = sum(toCome.map((path) => Math.max(0, (this.#lastMs[path] ?? mean) - running(path))));
    const atATime = Math.max(1, (sum(ended) + sum(toCome.map(running))) / (now - this.#from));
    const seconds = expected / atATime / 1000;
    return `, about ${seconds < 60 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} min`} left`;
  }
}

function readDurations(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return {}; // the first run
  }
}

function writeDurations(file, durations) {
  try {
    writeFileSync(file, JSON.stringify(durations));
  } catch {
    // the next run estimates without them
  }
}
