import fc from "fast-check";
import { expect, test } from "vitest";
import { EventQueue } from "../../src/sessions/event-queue.ts";

test("tasks start in order; one that passes alone has the way to itself; all are done", async () => {
  const plan = fc.array(fc.record({ shared: fc.boolean(), turns: fc.nat(4), pause: fc.nat(3) }), { maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(plan, async (tasks) => {
      const eventQueue = new EventQueue();
      const started: number[] = [];
      const running = new Set<number>();
      const finished: Promise<void>[] = [];
      for (const [i, { shared, turns, pause }] of tasks.entries()) {
        const done = new Promise<void>((resolve) => {
          const task = async () => {
            started.push(i);
            if (!shared) expect(running.size).toBe(0);
            for (const other of running) expect(tasks[other]?.shared).toBe(true);
            running.add(i);
            for (let turn = 0; turn < turns; turn += 1) await undefined;
            running.delete(i);
            resolve();
          };
          if (shared) eventQueue.runShared(task);
          else eventQueue.runExclusive(task);
        });
        finished.push(done);
        for (let turn = 0; turn < pause; turn += 1) await undefined;
      }
      await Promise.all(finished);
      await new Promise((resume) => setImmediate(resume));
      expect(started).toEqual(tasks.map((_, i) => i));
      expect(eventQueue.length).toBe(0);
    }),
  );
});
