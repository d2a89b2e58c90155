import { type ServiceName, startService } from "@switchyard/testkit";
import { expect, inject, onTestFinished } from "vitest";

/** Starts a service, sends it a signal, and expects that it stops as an operator wants. */
export async function expectCleanEnd(service: ServiceName, signal: "SIGTERM" | "SIGINT"): Promise<void> {
  const running = await startService(service, { REDIS_URL: inject("redisUrl"), SHUTDOWN_MS: 0 });
  onTestFinished(async () => void (await running.kill()));
  expect((await fetch(`${running.url}/healthz`)).status).toBe(200);
  running.signal(signal);
  expect(await running.ended).toMatchObject({ code: 0, signal: null, stderr: "" });
  expect(running.errors()).toEqual([]);
}
