import type { ChildProcess } from "node:child_process";

/** The calls of a child process: each takes one value and returns one, both fit for JSON. */
export type Calls = Record<string, (argument: never) => unknown>;
interface Question {
  readonly id: number;
  readonly name: string;
  readonly argument: unknown;
}
type Answer = { readonly id: number } & ({ readonly value: unknown } | { readonly failure: string });
export type Ask<Known extends Calls> = <Name extends keyof Known & string>(
  name: Name,
  ...argument: Parameters<Known[Name]>
) => Promise<Awaited<ReturnType<Known[Name]>>>;

/** Lets this process's parent make these calls over its IPC channel, for as long as that is open. */
export function answerParent(calls: Calls): void {
  process.on("message", ({ id, name, argument }: Question) => {
    Promise.resolve(argument as never)
      .then((value) => calls[name]?.(value))
      .then(
        (value) => process.send?.({ id, value }),
        (error: unknown) => process.send?.({ id, failure: error instanceof Error ? error.message : String(error) }),
      );
  });
}

/** No call takes that long unless something hangs. */
const LONGEST_CALL_MS = 300_000;

/**
 * Makes calls in a child that was forked with an IPC channel. A call fails when the child does, ends before it answers, or does not
 * answer for five minutes.
 */
export function asker<Known extends Calls>(child: ChildProcess, childName: string): Ask<Known> {
  const waiting = new Map<number, (answer: Answer) => void>();
  let lastId = 0;
  const settle = (answer: Answer) => {
    waiting.get(answer.id)?.(answer);
    waiting.delete(answer.id);
  };
  child.on("message", (answer) => settle(answer as Answer));
  child.once("exit", () => {
    for (const id of waiting.keys()) settle({ id, failure: "ended before it answered" });
  });
  return (name, ...[argument]) =>
    new Promise((resolve, reject) => {
      const id = ++lastId;
      const hung = setTimeout(() => settle({ id, failure: "no answer" }), LONGEST_CALL_MS);
      waiting.set(id, (answer) => {
        clearTimeout(hung);
        if ("failure" in answer) reject(new Error(`${childName}, ${name}: ${answer.failure}`));
        else resolve(answer.value as Awaited<ReturnType<Known[typeof name]>>);
      });
      child.send({ id, name, argument } satisfies Question, (error) => {
        if (error !== null) settle({ id, failure: error.message });
      });
    });
}

/** An error and its causes, in one line. */
export function explained({ message, cause }: Error): string {
  return cause instanceof Error ? `${message}: ${explained(cause)}` : message;
}
