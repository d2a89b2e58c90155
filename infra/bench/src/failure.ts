/** What went wrong, and what that came from, in one line. */
export function explained({ message, cause }: Error): string {
  return cause instanceof Error ? `${message}: ${explained(cause)}` : message;
}
