import { expect, test } from "vitest";
import { CandidateQueue } from "../src/shared/call/signal.ts";

test("candidates wait for the description, then pass in the order they came", async () => {
  const added: (string | undefined)[] = [];
  const queue = new CandidateQueue(async ({ candidate }) => void added.push(candidate));
  await queue.push({ candidate: "1" });
  await queue.push({ candidate: "2" });
  expect(added).toEqual([]);
  await queue.release();
  await queue.push({ candidate: "3" });
  await queue.release();
  expect(added).toEqual(["1", "2", "3"]);
});
