import { once } from "node:events";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { Verdict } from "@switchyard/testkit";
import type { Lab } from "../lab.ts";
import { directoryOf } from "../run.ts";

const WITHIN_MS = 90_000;
const AGAIN_MS = 2000;

/** Runs `sy doctor` on a host of clients until it finds nothing, or for too long. */
export async function judgeHealth(lab: Lab): Promise<Verdict> {
  const deadline = performance.now() + WITHIN_MS;
  for (;;) {
    const { code, said } = await diagnose(lab);
    const isOver = code === 0 || performance.now() > deadline;
    const figures = said.trim().split("\n").slice(-10).join(" ");
    if (isOver) return { claim: "the doctor finds nothing", holds: code === 0, figures };
    await wait(AGAIN_MS);
  }
}

async function diagnose(lab: Lab): Promise<{ code: number; said: string }> {
  const host = lab.host("clients1");
  const log = join(directoryOf(lab.run), `${host.name}-doctor.log`);
  await rm(log, { force: true });
  const child = host.startNode("doctor", "infra/sy/src/main.ts", ["doctor"], { REDIS_URL: lab.redisUrl });
  const [code] = await once(child, "exit");
  return { code: Number(code ?? 1), said: await readFile(log, "utf8") };
}
