/** The content of a message of a run, from which its receiver knows everything about it. */
export interface Tag {
  /** The run, so that messages of other clients of the cluster are recognised; for one of several workers its part of it. */
  readonly run: string;
  readonly conversation: number;
  readonly sender: number;
  readonly number: number;
  /** When it was to be sent, in ms of the clock of all users of a worker. */
  readonly intendedAt: number;
  /** Whether its sender sends no other one in that conversation. */
  readonly isLast: boolean;
}

const FIELDS = 6;
const LAST = "last";

/** @param bytes how long the text is to be at least */
export function writeTag({ run, conversation, sender, number, intendedAt, isLast }: Tag, bytes = 0): string {
  const text = `${run} ${conversation} ${sender} ${number} ${intendedAt}`;
  return (isLast ? `${text} ${LAST}` : text).padEnd(bytes, " .");
}

/**
 * Nothing if the text is no message of that run.
 * @param run with which the first word begins
 */
export function readTag(run: string, text: unknown): Tag | undefined {
  if (typeof text !== "string" || !text.startsWith(run)) return undefined;
  const [own = "", ...fields] = text.split(" ", FIELDS);
  const [conversation, sender, number, intendedAt] = fields.map(Number);
  if (conversation === undefined || sender === undefined || number === undefined || intendedAt === undefined) {
    return undefined;
  }
  return { run: own, conversation, sender, number, intendedAt, isLast: fields[4] === LAST };
}
