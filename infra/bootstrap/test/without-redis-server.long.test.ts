import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test, vi } from "vitest";
import { machine } from "./machine.ts";
import { everything } from "./project.ts";

vi.setConfig({ testTimeout: 120_000 }); // each starts many processes

const DOCKER_SOCKET = "/var/run/docker.sock";
const testkit = JSON.stringify(fileURLToPath(new URL("../../../packages/testkit/src/index.ts", import.meta.url)));
const config = `const conditions = ["source"];
const resolve = { conditions };
export default { resolve, ssr: { resolve }, environments: { __vitest__: { resolve } }, test: { globalSetup: "setup.mjs" } };
`;
const using = `import { CleanUp, startLastingRedis, startLocalRedis, startRedisCluster, startSentinels } from ${testkit};
const cleanUp = new CleanUp();
afterAll(cleanUp.run);
`;
const wanting = `
test("a server", async () => { cleanUp.add((await startLocalRedis()).stop); });
test("a cluster", async () => { await startRedisCluster(cleanUp); });
test("sentinels", async () => { await startSentinels(cleanUp, 1); });
test("none", () => {});
describe("a server that comes back", () => {
  let redis;
  beforeEach(async () => { redis = await startLastingRedis(); return redis.stop; });
  test("is there", async () => { await redis.crash(); await redis.startAgain(); });
});
describe("one for all", () => {
  beforeAll(async () => { cleanUp.add((await startLocalRedis()).stop); });
  test("first", () => {});
  describe("inner", () => test("second", () => {}));
});
describe("one for others", () => {
  beforeAll(async () => { await startSentinels(cleanUp, 1); });
  test("third", () => {});
});
describe("after that", () => test("another", () => {}));
`;

/** Tests as there are many, on a machine with these programs. */
async function tests(text: string, programs: Readonly<Record<string, string>>, setup = "export default () => {};\n") {
  const { bin } = await machine({ ...programs, node: `exec '${process.execPath}' "$@"` });
  return everything({
    files: { "vitest.config.mjs": config, "a.test.ts": using + text, "setup.mjs": setup },
    environment: { PATH: bin, DOCKER_HOST: "unix:///nonexistent.sock" },
  });
}

test.each([
  ["no redis-server", {}, "it needs a redis-server on the PATH, and there is none"],
  [
    "one that is too old",
    { "redis-server": "echo 'Redis server v=6.0.16 sha=0'" },
    "it needs a redis-server 7 or newer on the PATH, and there is 6.0.16",
  ],
])("with %s, what needs one is skipped and says so, and the rest runs", async (_, programs, reason) => {
  const { code, output, lastLine } = await tests(wanting, programs);
  expect([code, lastLine], output).toEqual([0, "2 passed, 0 failed, 7 skipped"]);
  const named = ["a server", "a cluster", "sentinels", "a server that comes back > is there"];
  for (const name of [...named, "one for all > first", "one for all > inner > second", "one for others > third"]) {
    expect(output).toContain(`\n  ${name} (${reason})\n`);
  }
});

test("a server that ends by itself fails the test with what it printed", async () => {
  const broken = 'case "$1" in --version) echo v=7.0.15;; *) echo "Fatal: no space left"; exit 1;; esac';
  const { code, output } = await tests('test("a server", () => startLocalRedis());\n', { "redis-server": broken });
  expect(code).toBe(1);
  expect(output).toMatch(/Error: redis-server ended by itself; it printed:\s*Fatal: no space left/);
});

test("with neither Docker nor a redis-server the whole run says so", async ({ skip }) => {
  if (existsSync(DOCKER_SOCKET)) skip(`Docker is at ${DOCKER_SOCKET}, where it is found whatever DOCKER_HOST says`);
  const setup = `import { startRedis } from ${testkit}; export default async () => { await startRedis(); };\n`;
  const { code, output } = await tests('test("anything", () => {});\n', {}, setup);
  expect(code).toBe(1);
  expect(output).toContain("Error: Tests can't run: it needs a redis-server on the PATH, and there is none.");
});
