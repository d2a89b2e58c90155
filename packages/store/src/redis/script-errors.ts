/** The names of scripts' negative answers. The numbers are in the headers of the Lua files. */
export const scriptErrors = {
  unknown: -1,
  fenced: -2,
  absent: -3,
  wrongSecret: -4,
  gap: -5,
  notDue: -6,
  reserved: -7,
  /** A room's list is older than what its receiver had; or there is no such room. */
  outdated: -8,
  full: -9,
  /** The lease of the node that sent the command was over when it arrived. `Database.run` throws it. */
  leaseOver: -10,
  /** The id of a request is that of another one. */
  conflict: -11,
} as const;

export type StoreErrorCode = keyof typeof scriptErrors;

/** A step that appended no event, since its session has had that event, or will get it with its place. */
export type Repeated = "repeated";

/** A command was refused because its node's lease was over: it has done nothing, as one that Redis did not answer. */
export class LeaseOverError extends Error {
  override readonly name = "LeaseOverError";
}

const names = new Map<number, StoreErrorCode>(
  Object.entries(scriptErrors).map(([name, code]) => [code, name as StoreErrorCode]),
);

/**
 * The name of a script's negative answer; `undefined` for any other answer.
 * @throws TypeError for a negative number that no script returns
 */
export function errorCodeOf(answer: unknown): StoreErrorCode | undefined {
  if (typeof answer !== "number" || answer >= 0) return undefined;
  const name = names.get(answer);
  if (name === undefined) throw new TypeError(`a script answered ${answer}, which is in no table`);
  return name;
}

/** The same for a script that returns the number of the event that it appended, and 0 where it appended none. */
export function appendedOf(answer: unknown): StoreErrorCode | Repeated | undefined {
  return answer === 0 ? "repeated" : errorCodeOf(answer);
}

/**
 * Whether Redis refused a command because it is at its `maxmemory`, so that nothing has changed. The words differ, their beginning does
 * not; a transaction is refused as a whole for one command in it.
 */
export function isOutOfMemory(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { previousErrors } = error as { readonly previousErrors?: unknown };
  return error.message.startsWith("OOM ") || (Array.isArray(previousErrors) && previousErrors.some(isOutOfMemory));
}
