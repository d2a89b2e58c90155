import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LoadReport } from "@switchyard/load";
import { freePort, startCluster, type TestCluster } from "@switchyard/testkit";
import { beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import { sy } from "./sy.ts";

const JWT_SECRET = "a secret that is only used in this test of load";
let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster({ nodes: 1, environment: { JWT_SECRET } });
  return cluster.stop;
});

async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "switchyard-load-"));
  onTestFinished(() => rm(directory, { recursive: true }));
  return directory;
}

/** Options that make a run short. */
const briefly = ["--users", "6", "--ramp", "200ms", "--duration", "2s"];

describe("load", () => {
  test("needs no Redis: says once a second how it goes, writes its files, and ends with the verdict", async () => {
    const directory = await temporaryDirectory();
    const [report, junit] = [join(directory, "load.json"), join(directory, "load.xml")];
    const scenario = join(directory, "own.yaml");
    await writeFile(
      scenario,
      "name: own\nmix: [{ behaviour: random, messageEvery: 500ms }]\nthresholds: [users > 0]\n",
    );
    const [hlog, html] = [join(directory, "load.hlog"), join(directory, "load.html")];
    const files = ["--report", report, "--junit", junit, "--hlog", hlog, "--html", html];
    const { code, text, aside } = await sy(
      {},
      "load",
      "--scenario",
      scenario,
      "--target",
      cluster.node(0).url,
      ...briefly,
      ...files,
    );
    expect([code, text]).toEqual([0, expect.stringMatching(/^own: .*\n[\s\S]*held {4}users > 0 [\s\S]*verdict: ok$/)]);
    expect(aside).toMatch(
      /^\d+ of 2 s, \d connected, \d+ sent\/s, \d+ received\/s, p99 relay .*, 0 errors, 0 violations\n/,
    );
    const written = LoadReport.parse(JSON.parse(await readFile(report, "utf8")));
    expect(written).toMatchObject({ scenario: "own", verdict: "ok", counts: { users: 6 } });
    expect(await readFile(junit, "utf8")).toContain('failures="0"');
    expect(await readFile(hlog, "utf8")).toMatch(/^Tag=handshake,\d+\.\d{3},1\.\d{3},\d+\.\d{3},[\w+/=]+$/m);
    expect(await readFile(html, "utf8")).toContain("<title>Load test: own</title>");
    const { sent, acknowledged, refused, unknown } = written.counts;
    expect(sent).toBe(acknowledged + refused + unknown);
  });

  test("the chatroom needs the secret of the nodes, with which its users' tokens are signed", async () => {
    const chat = ["load", "--scenario", "chat", "--target", cluster.node(0).url, ...briefly];
    const without = await sy({}, ...chat);
    expect([without.code, without.aside]).toEqual([2, expect.stringContaining("JWT_SECRET is missing")]);
    const { code, text } = await sy({ JWT_SECRET }, ...chat, "--json");
    const report = LoadReport.parse(JSON.parse(text));
    expect([report.errors, report.described]).toEqual([{}, []]);
    expect([code, report.latencies.handshake.count]).toEqual([expect.toBeOneOf([0, 1]), 6]);
  });

  test("compare shows two reports, and ends with 1 if a threshold is worse by more than tolerated", async () => {
    const directory = await temporaryDirectory();
    const [before, after] = [join(directory, "before.json"), join(directory, "after.json")];
    const { text } = await sy({}, "load", "--scenario", "idle", "--target", cluster.node(0).url, ...briefly, "--json");
    const report = LoadReport.parse(JSON.parse(text));
    const withValue = (value: number) =>
      JSON.stringify({ ...report, thresholds: [{ threshold: "p99 handshake < 1 s", value, holds: true }] });
    await writeFile(before, withValue(100));
    await writeFile(after, withValue(115));
    const worse = await sy({}, "load", "compare", before, after);
    expect(worse.code).toBe(1);
    expect(worse.text).toMatch(/^p99 handshake < 1 s +100 +115 +1\.15 +worse$/m);
    expect(worse.text).toMatch(/^users +6 +6 +1\.00$/m);
    expect(await sy({}, "load", "compare", before, after, "--tolerance", "20")).toMatchObject({ code: 0 });
    expect(await sy({}, "load", "compare", after, before)).toMatchObject({ code: 0 });
    await writeFile(after, "{}");
    expect(await sy({}, "load", "compare", before, after)).toMatchObject({ code: 1 });
    expect(await sy({}, "load", "compare", before)).toMatchObject({ code: 2 });
  });

  test("has no option for a Redis, which it does not use", async () => {
    const { code, aside } = await sy({}, "load", "--master", "first");
    expect([code, aside]).toEqual([2, expect.stringContaining("--master")]);
  });

  test("a threshold that is missed ends with 1, a target that is not there with 3, a wrong call with 2", async () => {
    const missed = await sy({}, "load", "--scenario", "idle", "--target", cluster.node(0).url, ...briefly, "--json");
    expect([missed.code, JSON.parse(missed.text)]).toMatchObject([0, { verdict: "ok" }]);
    const directory = await temporaryDirectory();
    const scenario = join(directory, "slow.yaml");
    await writeFile(scenario, "mix: [{ behaviour: idle }]\nthresholds: [max handshake < 0 ms]\n");
    const slow = await sy({}, "load", "--scenario", scenario, "--target", cluster.node(0).url, ...briefly);
    expect([slow.code, slow.text]).toEqual([1, expect.stringContaining("missed  max handshake < 0 ms")]);
    const gone = await sy({}, "load", "--target", `http://127.0.0.1:${await freePort()}`);
    expect([gone.code, gone.text]).toEqual([3, expect.stringContaining("can't be used: ")]);
    const wrong = await sy({}, "load", "--scenario", "nothing");
    expect([wrong.code, wrong.aside]).toEqual([2, expect.stringContaining('there is no scenario "nothing"')]);
  });

  test("workers that can't be had are a wrong call, or end it like a target that is not there", async () => {
    const queue = ["--queue", `redis://127.0.0.1:${await freePort()}`];
    const away = await sy({}, "load", "--workers", "2", ...queue);
    expect([away.code, away.text]).toEqual([3, expect.stringContaining("the queue's Redis can't be used: ")]);
    const calls: [string[], string][] = [
      [["--workers", "2"], "--workers needs a --queue"],
      [["--queue", "10.0.0.9"], "--queue must be like redis://"],
      [["--users", "2", "--processes", "2"], "too few for 2 workers"],
      [["worker"], "--queue is needed"],
    ];
    for (const [args, fault] of calls) {
      expect(await sy({}, "load", ...args)).toMatchObject({ code: 2, aside: expect.stringContaining(fault) });
    }
  });

  test("a file that can't be written is refused before anything is done", async () => {
    const target = `http://127.0.0.1:${await freePort()}`;
    for (const option of ["--report", "--junit", "--hlog", "--html"]) {
      const file = join(await temporaryDirectory(), "missing", "load.out");
      const { code, aside } = await sy({}, "load", "--target", target, option, file);
      expect([code, aside]).toEqual([2, expect.stringContaining(`${option} can't be written`)]);
    }
  });

  test("on a terminal the line of progress is gone when the answer is printed", async () => {
    const { stderr } = process;
    const { isTTY } = stderr;
    stderr.isTTY = true;
    const write = vi.spyOn(stderr, "write").mockReturnValue(true);
    onTestFinished(() => {
      write.mockRestore();
      stderr.isTTY = isTTY;
    });
    await sy({}, "load", "--scenario", "idle", "--target", cluster.node(0).url, ...briefly);
    const lines = write.mock.calls.map(([text]) => String(text)).filter((text) => text.startsWith("\r"));
    expect(lines[0]).toMatch(/^\r\d+ of 2 s, /);
    expect(lines.at(-1)).toBe("\r\u001b[K");
  });

  test("init writes a scenario to begin from, and never over a file", async () => {
    const directory = await temporaryDirectory();
    const before = process.cwd();
    process.chdir(directory);
    onTestFinished(() => process.chdir(before));
    expect(await sy({}, "load", "init", "--scenario", "rooms")).toMatchObject({ code: 0 });
    expect(await readFile("rooms.yaml", "utf8")).toContain("behaviour: rooms");
    expect(await sy({}, "load", "init", "--scenario", "rooms")).toMatchObject({ code: 1 });
    expect(await sy({}, "load", "start")).toMatchObject({ code: 2 });
  });
});
