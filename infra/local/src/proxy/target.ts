const ABSOLUTE = /^https?:\/\/[^/?#]+/i;

/**
 * The path and query that a request asks for, out of its target in origin or absolute form (RFC 9112, 3.2).
 * @returns `undefined` for any other form
 */
export function pathOf(target: string): string | undefined {
  if (target.startsWith("/")) return target;
  const [origin] = ABSOLUTE.exec(target) ?? [];
  if (origin === undefined) return undefined;
  const rest = target.slice(origin.length);
  return rest.startsWith("/") ? rest : `/${rest}`;
}
