import Table from "cli-table3";

/** Something in a table; numbers are aligned to the right. */
export type Cell = string | number | undefined;

const GAP = 2;
/** Columns are separated by space alone. */
const noLines = Object.fromEntries(
  ["top", "bottom", "left", "mid", "right"].flatMap((side) =>
    [side, `${side}-left`, `${side}-mid`, `${side}-right`, "middle"].map((name) => [name, ""]),
  ),
);

/** Columns below their names; a missing value is a dash. */
export function table(names: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const isNumeric = names.map((_, i) => rows.length > 0 && rows.every((row) => typeof row[i] === "number"));
  return aligned(
    [names.map((name) => name.toUpperCase()), ...rows.map((row) => names.map((_, i) => textOf(row[i])))],
    isNumeric.map((numeric) => (numeric ? "right" : "left")),
  );
}

/** Names and their values, one pair in each line. */
export function facts(entries: readonly (readonly [name: string, value: Cell])[]): string {
  return aligned(entries.map(([name, value]) => [name, textOf(value)]));
}

/** Parts one below the other, with their titles. */
export function sections(parts: readonly (readonly [title: string, text: string])[]): string {
  return parts.map(([title, text]) => `${title}\n${text}`).join("\n\n");
}

function aligned(rows: string[][], colAligns: Table.HorizontalAlignment[] = []): string {
  const style = { head: [], border: [], "padding-left": 0, "padding-right": GAP };
  const drawn = new Table({ chars: noLines, colAligns, style });
  drawn.push(...rows);
  return drawn.toString().replaceAll(/ +$/gm, "");
}

/** Control characters are shown, not sent to the terminal: ids come from clients. */
function textOf(cell: Cell): string {
  if (cell === undefined || cell === "") return "-";
  return String(cell).replace(/\p{Cc}/gu, "\u{FFFD}");
}
