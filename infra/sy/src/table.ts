/** Something in a table; a number stands at the right. */
export type Cell = string | number | undefined;

const GAP = "  ";

/** Columns below their names, as wide as they need to be; what is not there is a dash. */
export function table(names: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const texts = rows.map((row) => names.map((_, i) => textOf(row[i])));
  const widths = names.map((name, i) => Math.max(name.length, ...texts.map((row) => row[i]?.length ?? 0)));
  const isNumeric = names.map((_, i) => rows.length > 0 && rows.every((row) => typeof row[i] === "number"));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, i) => (isNumeric[i] ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0)))
      .join(GAP)
      .trimEnd();
  return [line(names.map((name) => name.toUpperCase())), ...texts.map(line)].join("\n");
}

/** What something is, line by line: its name, and what it is. */
export function facts(entries: readonly (readonly [name: string, value: Cell])[]): string {
  const width = Math.max(...entries.map(([name]) => name.length));
  return entries.map(([name, value]) => `${name.padEnd(width)}${GAP}${textOf(value)}`).join("\n");
}

/** Parts one below the other, with their titles. */
export function sections(parts: readonly (readonly [title: string, text: string])[]): string {
  return parts.map(([title, text]) => `${title}\n${text}`).join("\n\n");
}

/** Control characters are shown, not sent to the terminal: ids come from clients. */
function textOf(cell: Cell): string {
  if (cell === undefined || cell === "") return "-";
  return String(cell).replace(/\p{Cc}/gu, "\u{FFFD}");
}
