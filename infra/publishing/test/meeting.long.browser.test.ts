import { join } from "node:path";
import { until } from "@switchyard/testkit";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { serveFiles } from "./serve.ts";
import { describeExample, faultsOf, type Stage, seesVideo } from "./stage.ts";
import { mountedPage } from "./used.ts";

let page = "";
let mounted = "";

/** React's own way of development, in which StrictMode mounts twice, for a page that mounts and unmounts. */
async function prepare({ project, tarballs, cluster, cleanUp }: Stage): Promise<void> {
  await project.install(Object.values(tarballs));
  const build = async (mode: string, output: string) => {
    const environment = { VITE_SERVER_URL: cluster.node(0).url, NODE_ENV: mode };
    const args = ["build", "--mode", mode, "--outDir", output, "--logLevel", "warn"];
    const built = await project.run(environment, "vite", ...args);
    if (built.code !== 0) throw new Error(built.output);
  };
  const types = await project.run({}, "tsc");
  if (types.code !== 0) throw new Error(types.output);
  await build("production", "dist");
  await project.write({ "src/main.tsx": mountedPage });
  await build("development", "mounted");
  page = await serveFiles(join(project.directory, "dist"), cleanUp);
  mounted = await serveFiles(join(project.directory, "mounted"), cleanUp);
}

async function enter({ open }: Stage, room: string, name: string): Promise<Page> {
  const window = await open(`${page}/`);
  await window.getByLabel("Meeting").fill(room);
  await window.getByLabel("Your name").fill(name);
  await window.keyboard.press("Enter");
  return window;
}

/** How often the nodes were sent an event. */
async function timesSent({ cluster }: Stage, dialect: string, event: string): Promise<number> {
  const metric = `switchyard_events_in_total\\{[^}\n]*dialect="${dialect}",event="${event}"[^}\n]*\\}`;
  const counts = await Promise.all(cluster.nodes.map(async (node) => (await node.metric(metric)) || 0));
  return counts.reduce((sum, count) => sum + count, 0);
}

describeExample("vite-react-meeting", prepare, (stage) => {
  test("three see and hear of each other, write, mute themselves, and leave", async () => {
    const names = ["Ada", "Bob", "Cleo"];
    const windows = await Promise.all(names.map((name) => enter(stage(), "standup", name)));
    for (const [index, window] of windows.entries()) {
      for (const name of names.filter((_, other) => other !== index)) await seesVideo(window, name);
    }
    const [ada, bob] = windows as [Page, Page];
    await ada.getByLabel("Message", { exact: true }).fill("Good morning");
    await ada.keyboard.press("Enter");
    await bob.getByRole("log").getByText("Good morning").waitFor();
    await ada.getByRole("button", { name: "Mute" }).click();
    await bob.locator('[data-name="Ada"]').getByText("muted").waitFor();
    await ada.getByRole("button", { name: "Devices" }).click();
    await ada.getByLabel("Camera").waitFor();
    expect(await faultsOf(ada)).toEqual([]);
    await ada.getByRole("button", { name: "Hang up" }).click();
    await bob.locator('[data-name="Ada"]').waitFor({ state: "detached" });
    await ada.getByLabel("Your name").waitFor();
    for (const window of windows) await window.close();
    await stage().cluster.empty();
  });

  test("under StrictMode a call that is mounted registers once, and a hundred mounts leave one connection, then none", async () => {
    const before = await timesSent(stage(), "match", "register");
    const window = await stage().open(`${mounted}/`);
    await window.getByRole("status").filter({ hasText: "Waiting" }).waitFor();
    await until("it to register", async () => (await timesSent(stage(), "match", "register")) > before);
    await window.evaluate(`(async () => {
      const button = [...document.querySelectorAll("button")].find(({ textContent }) => textContent === "Mount anew");
      for (let i = 0; i < 100; i += 1) {
        button.click();
        await new Promise(requestAnimationFrame);
      }
    })()`);
    await window.getByRole("status").filter({ hasText: "Waiting" }).waitFor();
    expect(await timesSent(stage(), "match", "register")).toBe(before + 1);
    expect(await stage().cluster.store.presence.count("match")).toBe(1);
    await window.getByRole("button", { name: "Unmount" }).click();
    await until("no connection", async () => (await stage().cluster.store.presence.count("match")) === 0);
    await window.close();
  });
});
