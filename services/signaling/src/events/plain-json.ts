/** How deep a client's JSON may be nested. A session description is two deep. */
const MAX_DEPTH = 32;

/** Whether a value is JSON of reasonable depth: no binary, and no key that could reach a prototype. */
export function isPlainJson(value: unknown, depth = 0): boolean {
  if (typeof value !== "object" || value === null) return typeof value !== "symbol";
  if (depth >= MAX_DEPTH) return false;
  if (Array.isArray(value)) return value.every((item) => isPlainJson(item, depth + 1));
  if (Object.getPrototypeOf(value) !== Object.prototype) return false;
  for (const key in value) {
    if (key === "__proto__" || !isPlainJson(Reflect.get(value, key), depth + 1)) return false;
  }
  return true;
}
