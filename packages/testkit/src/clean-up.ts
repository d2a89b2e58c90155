type Task = () => unknown;

/** What is to be closed when a test is over: in reverse order, and all of it, also where some of it fails. */
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
