/** The content of a message of a run, from which its receiver knows everything about it. */
export interface Tag {
  /** The run, so that messages of other clients of the cluster are recognised. */
  readonly run: string;
  readonly conversation: number;
  readonly sender: number;
  readonly number: number;
  /** When it was to be sent, in ms of the clock of all users of a run. */
  readonly intendedAt: number;
}

const FIELDS = 5;

/** @param bytes how long the text is to be at least */
export function writeTag({ run, conversation, sender, number, intendedAt }: Tag, bytes = 0): string {
  return `${run} ${conversation} ${sender} ${number} ${intendedAt}`.padEnd(bytes, " .");
}

/** Nothing if the text is no message of that run. */
export function readTag(run: string, text: unknown): Tag | undefined {
  if (typeof text !== "string" || !text.startsWith(`${run} `)) return undefined;
  const [, conversation, sender, number, intendedAt] = text.split(" ", FIELDS).map(Number);
  if (conversation === undefined || sender === undefined || number === undefined || intendedAt === undefined) {
    return undefined;
  }
  return { run, conversation, sender, number, intendedAt };
}
