import { spawn, spawnSync } from "node:child_process";
import { open } from "node:fs/promises";
import { until } from "@switchyard/testkit";
import { describe, expect, onTestFinished, test } from "vitest";
import { call, environment, run, within } from "./sy-process.ts";

test("whoever reads the answer may stop reading", async () => {
  const child = spawn(process.execPath, call("help"), { env: within({}), stdio: ["ignore", "pipe", "pipe"] });
  child.stdout.destroy();
  let complaint = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    complaint += text;
  });
  const code = await new Promise((resolve) => child.once("close", resolve));
  expect([code, complaint]).toEqual([0, ""]);
});

test("1 where the answer can't be written", async () => {
  const full = await open("/dev/full", "w");
  onTestFinished(() => full.close());
  const child = spawn(process.execPath, call("help"), { env: within({}), stdio: ["ignore", full.fd, "pipe"] });
  let complaint = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    complaint += text;
  });
  const code = await new Promise((resolve) => child.once("close", resolve));
  expect([code, complaint]).toEqual([1, expect.stringMatching(/^sy: the answer can't be written \(.*ENOSPC.*\)\n$/)]);
});

describe("top", () => {
  /** `sy top` in a terminal of its own. */
  function inTerminal() {
    const line = `exec '${process.execPath}' ${call("top", "--interval", "100").join(" ")}`;
    const child = spawn("script", ["-qefc", line, "/dev/null"], {
      env: within({ ...environment(), SHELL: "/bin/sh" }),
    });
    onTestFinished(() => void child.kill());
    const seen = { text: "" };
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      seen.text += text;
    });
    return { child, seen, ended: new Promise((resolve) => child.once("close", resolve)) };
  }

  const hasTerminals = spawnSync("script", ["--version"]).status === 0; // that of util-linux
  test.for([
    ["q", "q"],
    ["Ctrl-C", "\u0003"],
  ] as const)("draws on the terminal again and again until %s, and leaves it as it was", async ([, key], { skip }) => {
    skip(!hasTerminals, "it needs the program script of util-linux on the PATH, and there is none");
    const { child, seen, ended } = inTerminal();
    await until("it to have drawn twice", () => seen.text.split("sy top, every 100 ms").length > 2);
    child.stdin.write(key);
    expect(await ended).toBe(0);
    expect(seen.text.startsWith("\u001b[?1049h")).toBe(true);
    const [, after] = seen.text.split("\u001b[?1049l");
    expect(after).toMatch(/MESSAGES\/S/); // what it showed last stays
  });

  test("looks twice where there is no terminal", async () => {
    const { code, stdout } = await run(environment(), "top", "--interval", "100");
    expect([code, stdout]).toEqual([0, expect.stringMatching(/MESSAGES\/S/)]);
    expect(stdout).not.toContain("\u001b");
  });
});
