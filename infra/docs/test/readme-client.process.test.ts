import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { CleanUp, startCluster, until } from "../../../packages/testkit/src/index.ts";
import { root } from "../src/repository.ts";

const cleanUp = new CleanUp();
afterEach(cleanUp.run);

const readme = readFileSync(join(root, "README.md"), "utf8");
const [, client = ""] = /^## Connect a client\n+```js\n(.*?)^```$/ms.exec(readme) ?? [];

/** Runs the client of the README as it stands there, but for where it connects to and who it is. */
function run(url: string, user: string) {
  const source = client.replace("http://localhost:3000", url).replace("anna", user);
  const child = spawn(process.execPath, ["--input-type=module", "--eval", source], {
    cwd: join(root, "packages/testkit"), // where socket.io-client is
    stdio: ["ignore", "pipe", "pipe"],
  });
  cleanUp.add(() => end(child));
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (printed += chunk));
  return { user, printed: () => printed };
}

async function end(child: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => child.once("close", resolve));
  if (child.exitCode === null && child.signalCode === null && child.kill("SIGKILL")) await ended;
}

test("the README's client, run twice, meets itself, and each hears what the other says", async () => {
  expect(client.trim().split("\n").filter(Boolean)).toHaveLength(5); // it promises five lines
  expect(client).toContain('"http://localhost:3000/random"');
  expect(client).toContain('userId: "anna"');
  const cluster = await startCluster({ environment: { LEASE_MS: 60_000, RECONNECT_GRACE_MS: 600_000 } });
  cleanUp.add(cluster.stop);
  const clients = [0, 1].map((node) => run(cluster.node(node).url, randomUUID()));
  for (const { user, printed } of clients) {
    const others = clients.filter((client) => client.user !== user).map((client) => `${client.user}: Hello!`);
    await until("it to hear the other", () => others.every((line) => printed().split("\n").includes(line))).catch(
      (error) => expect.fail(`${error}\n${printed()}`),
    );
    expect(printed()).not.toContain(user);
  }
});
