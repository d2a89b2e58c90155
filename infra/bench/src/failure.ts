/** An error and its causes, in one line. */
export function explained({ message, cause }: Error): string {
  return cause instanceof Error ? `${message}: ${explained(cause)}` : message;
}
