import { describe, expect, test } from "vitest";
import type { FaultKind } from "../src/schedule/fault.ts";
import { ComposeTarget } from "../src/target/compose.ts";
import { inject, kindsOf, NoVictimError } from "../src/target/target.ts";

const [first, second] = ["a".repeat(64), "b".repeat(64)];

/** A deployment of these containers that notes what `docker` is told. */
function deploymentOf(containers: Readonly<Record<string, readonly string[]>>) {
  const told: string[] = [];
  const note = (words: readonly string[]) => void told.push(words.join(" "));
  const target = new ComposeTarget(["http://localhost:3000"], {
    compose: async (words) => {
      if (words[0] === "ps") return (containers[words.at(-1) ?? ""] ?? []).join("\n");
      note(words);
      return "";
    },
    docker: async (words) => {
      if (words[0] === "inspect") return "switchyard_edge\nswitchyard_state\n";
      note(words);
      return "";
    },
  });
  const suffer = async (kind: FaultKind) => {
    const { undo } = await inject(target, { kind, atMs: 0, lastsMs: 0, victim: 0.5 });
    told.push("…");
    await undo?.();
    return told.splice(0);
  };
  return { target, suffer };
}

describe("a deployment by Docker Compose", () => {
  const { target, suffer } = deploymentOf({ signaling: [second, first], matchmaker: [first], redis: [first] });
  const up = (count: number) => `up --detach --wait --no-deps --no-recreate --scale signaling=${count} signaling`;

  test.for([
    ["kill", `kill ${second}`, `start ${second}`],
    ["stop", `pause ${second}`, `unpause ${second}`],
    ["drain", `stop ${second}`, `start ${second}`],
    ["scale-up", up(3), up(2)],
    ["scale-down", up(1), up(2)],
    ["matchmaker-kill", `kill ${first}`, `start ${first}`],
    ["redis-pause", `pause ${first}`, `unpause ${first}`],
    [
      "partition",
      `network disconnect switchyard_edge ${second}`,
      `network connect --alias signaling switchyard_edge ${second}`,
    ],
    [
      "partition-redis",
      `network disconnect switchyard_state ${second}`,
      `network connect --alias signaling switchyard_state ${second}`,
    ],
  ] as const)("suffers %s, and recovers", async ([kind, done, undone]) => {
    expect(await suffer(kind)).toEqual([done, "…", undone]);
  });

  test("has Redis restarted, which needs no undoing", async () => {
    expect(await suffer("redis-restart")).toEqual(["restart redis", "…"]);
  });

  test("says of each other kind why it can't be done", () => {
    expect(kindsOf(target)).not.toContain("loss");
    for (const kind of ["abandon", "cut", "delay", "loss", "failover"] as const) {
      expect(target.faults[kind]).toEqual(expect.stringMatching(/: take --against (own|lab)$/));
    }
  });

  test("that has nothing to lose loses nothing", async () => {
    const alone = deploymentOf({ signaling: [first] });
    await expect(alone.suffer("scale-down")).rejects.toThrow(NoVictimError);
    await expect(alone.suffer("matchmaker-kill")).rejects.toThrow("no container of matchmaker runs");
    await expect(deploymentOf({}).target.ready()).rejects.toThrow("`docker compose` runs no node here");
  });
});
