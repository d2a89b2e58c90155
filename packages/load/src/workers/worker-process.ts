import { once } from "node:events";
import type { TokenMaker } from "../run/stage.ts";
import type { FromChild, ToChild } from "./local-workers.ts";
import type { Phase } from "./part.ts";
import type { QueueAddress } from "./queue.ts";
import { takeWork } from "./queue-worker.ts";
import type { Slice } from "./slice.ts";
import { type Post, workOn } from "./work.ts";

/**
 * A worker's own process: it gets one slice from its parent, or takes slices from a queue. Its argument is the address of a
 * module whose `tokenMaker` is called where a scenario needs tokens; without one they are not shown.
 */
process.on("SIGINT", () => {}); // Ctrl-C reaches the parent too, which ends the run in order
process.once("disconnect", () => process.exit());

/** A parent that is gone hears nothing; this process ends then. */
const send = (message: FromChild) => void process.send?.(message, undefined, undefined, () => {});

const tokens = process.argv.length > 2 ? makeTokens : undefined;
const [first] = (await once(process, "message")) as [ToChild];
if ("slice" in first) await work(first.slice);
else if ("takeFrom" in first) await takeUntilEnded(first.takeFrom);
process.disconnect();

async function makeTokens(): Promise<TokenMaker> {
  const [, , address = ""] = process.argv;
  const { tokenMaker } = (await import(address)) as { readonly tokenMaker: () => TokenMaker };
  return tokenMaker();
}

async function takeUntilEnded(address: QueueAddress): Promise<void> {
  const end = new AbortController();
  process.once("SIGTERM", () => end.abort());
  await takeWork(address, { say: (line) => send({ line }), signal: end.signal, tokens });
}

async function work(slice: Slice): Promise<void> {
  let phase: Phase = "prepare";
  process.on("message", (message: ToChild) => {
    if ("phase" in message) phase = message.phase;
  });
  try {
    const post: Post = {
      phase: () => Promise.resolve(phase),
      report: (progress) => send({ progress }),
      deliver: (halves) => send({ halves }),
    };
    const result = await workOn(slice, post, tokens);
    await new Promise((resolve) => process.send?.({ result } satisfies FromChild, resolve));
  } catch (error) {
    send({ failure: error instanceof Error ? error.message : String(error) });
  }
}
