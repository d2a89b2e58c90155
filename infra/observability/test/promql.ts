/** A series that an expression asks for: the metric, the labels it is chosen by, and whether it is asked how fast it grows. */
export interface Selector {
  readonly metric: string;
  readonly labels: readonly string[];
  readonly isRate: boolean;
}

const KEYWORDS = new Set(["and", "or", "unless", "bool", "offset", "inf", "nan"]);
const GROUPING = /\b(?:by|without|on|ignoring|group_left|group_right)\s*\(([^)]*)\)/g;
const names = (text: string) =>
  text
    .split(",")
    .map((name) => name.trim())
    .filter(Boolean);

/** What an expression asks for. It knows no more of PromQL than the expressions here need. */
export function selectorsOf(expr: string): Selector[] {
  const bare = expr
    .replaceAll(/"(?:[^"\\]|\\.)*"/g, '""')
    .replaceAll(GROUPING, " ")
    .replaceAll(/\[[^\]]*\]/g, " ");
  return [...bare.matchAll(/\b([a-zA-Z_][\w:]*)\s*(\{[^}]*\})?(\s*\()?/g)].flatMap((found) => {
    const [, metric = "", matchers = "", call] = found;
    if (call !== undefined || KEYWORDS.has(metric)) return [];
    const labels = [...matchers.matchAll(/(\w+)\s*(?:=~|!~|!=|=)/g)].map(([, label = ""]) => label);
    return [{ metric, labels, isRate: /\b(rate|increase)\s*\(\s*$/.test(bare.slice(0, found.index)) }];
  });
}

/** The labels that an expression groups by or joins on. */
export function groupingOf(expr: string): string[] {
  return [...expr.matchAll(GROUPING)].flatMap(([, list = ""]) => names(list));
}
