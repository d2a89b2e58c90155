type Task = () => unknown;

/** The resources to close after a test: in reverse order, and all of them, even if closing one fails. */
export class CleanUp {
  readonly #tasks: Task[] = [];

  add(task: Task): void {
    this.#tasks.push(task);
  }

  /** @throws AggregateError of everything that could not be closed */
  readonly run = async (): Promise<void> => {
    const failures: unknown[] = [];
    for (let task = this.#tasks.pop(); task; task = this.#tasks.pop()) {
      try {
        await task();
      } catch (failure) {
        failures.push(failure);
      }
    }
    if (failures.length > 0) throw new AggregateError(failures, `could not be closed: ${failures.join("; ")}`);
  };
}
