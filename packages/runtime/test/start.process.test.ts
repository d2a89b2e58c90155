import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { runService, type ServiceName } from "@switchyard/testkit";
import { expect, inject, onTestFinished, test } from "vitest";
import { expectCleanEnd } from "./clean-end.ts";

test.each<ServiceName>(["signaling", "matchmaker"])(
  "%s ends with 1 on a port that is taken, and says so in one sentence",
  async (service) => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    onTestFinished(() => void other.close());
    const { port } = other.address() as AddressInfo;
    const ended = await runService(service, { REDIS_URL: inject("redisUrl"), PORT: port });
    expect(ended.code).toBe(1);
    expect(ended.stderr).toContain(String(port));
    expect(ended.stderr).not.toMatch(/\n.*\n/);
  },
);

test("signaling does not start with a ROOT_DIALECT that there isn't", async () => {
  const ended = await runService("signaling", { REDIS_URL: inject("redisUrl"), ROOT_DIALECT: "klingon" });
  expect(ended).toMatchObject({ code: 1, stderr: expect.stringContaining('ROOT_DIALECT is "klingon"') });
});

test.each([
  ["signaling", "SIGTERM"],
  ["matchmaker", "SIGINT"],
] as const)("%s ends cleanly on %s", expectCleanEnd);
