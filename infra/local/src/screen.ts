const NAME_WIDTH = 13;

/** Writes one line of a part, or of the launcher itself. */
export type Print = (name: string, text: string) => void;

export const print: Print = (name, text) => {
  process.stdout.write(`${name.padEnd(NAME_WIDTH)} ${text}\n`);
};

/** Writes a line as it is. */
export function printPlainly(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** A reader that has gone (`npm start | head`) must not end the cluster. */
export function ignoreClosedScreen(): void {
  process.stdout.on("error", () => {});
  process.stderr.on("error", () => {});
}
