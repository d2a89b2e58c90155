import { freePort, until } from "@switchyard/testkit";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { start } from "./serve.ts";
import { describeExample, faultsOf, type Stage, seesVideo } from "./stage.ts";

let page = "";

async function prepare({ project, tarballs, cluster, cleanUp }: Stage): Promise<void> {
  await project.install(Object.values(tarballs));
  const environment = { NEXT_TELEMETRY_DISABLED: "1", NODE_ENV: "production" };
  const url = { NEXT_PUBLIC_SIGNALING_SERVER_URL: cluster.node(0).url };
  const built = await project.run({ ...environment, ...url }, "next", "build");
  if (built.code !== 0) throw new Error(built.output);
  const port = await freePort();
  const printed = start(project.directory, ["node_modules/.bin/next", "start", "-p", `${port}`], cleanUp, environment);
  await until("Next.js to be ready", () => printed().includes("Ready"));
  page = `http://localhost:${port}`;
}

const callOf = (match: string, me: string, other: string) => `${page}/call/${match}?me=${me}&other=${other}`;
const isConnected = (window: Page) => window.getByRole("status").filter({ hasText: "Connected" }).waitFor();

describeExample("next-video-call", prepare, (stage) => {
  test("two call each other: mute, a reload in the middle, and the end for both", async () => {
    const { open, cluster } = stage();
    const ada = await open(callOf("m1", "ada", "bob"));
    await ada.getByRole("status").filter({ hasText: "Waiting for the other one" }).waitFor();
    const bob = await open(callOf("m1", "bob", "ada"));
    await Promise.all([seesVideo(ada, "bob"), seesVideo(bob, "ada")]);
    await isConnected(ada);
    expect(await faultsOf(ada)).toEqual([]);

    await ada.getByRole("button", { name: "Mute" }).click();
    await ada.locator('[data-name="You"]').getByText("muted").waitFor();
    await ada.getByRole("button", { name: "Unmute" }).click();

    await bob.reload();
    await Promise.all([seesVideo(bob, "ada"), seesVideo(ada, "bob")]);
    await ada.reload();
    await Promise.all([seesVideo(ada, "bob"), seesVideo(bob, "ada")]);

    await bob.getByRole("button", { name: "Hang up" }).click();
    for (const one of [ada, bob]) await one.getByRole("heading", { name: "Video call" }).waitFor();
    await until("nobody to be left", async () => (await cluster.store.presence.count("match")) === 0);
    for (const one of [ada, bob]) await one.close();
  });

  test("changes of route leave no connection, and come back to one", async () => {
    const { open, cluster } = stage();
    const window = await open(`${page}/`);
    for (let i = 0; i < 10; i += 1) {
      await window.getByRole("link", { name: "Ada calls Bob" }).click();
      await window.getByRole("status").filter({ hasText: "Waiting" }).waitFor();
      await window.goBack();
      await window.getByRole("heading", { name: "Video call" }).waitFor();
    }
    await window.getByRole("link", { name: "Ada looks who is there" }).click();
    await window.getByRole("status").filter({ hasText: "Here: ada" }).waitFor();
    expect(await cluster.store.presence.count("match")).toBe(1);
    await window.goBack();
    await until("nobody to be left", async () => (await cluster.store.presence.count("match")) === 0);
    await window.close();
  });

  test("useSignaling and useIceServers, in a page with code of its own", async () => {
    const { open } = stage();
    const ada = await open(`${page}/lobby/m2?me=ada`);
    const bob = await open(`${page}/lobby/m2?me=bob`);
    for (const one of [ada, bob]) await one.getByText(/^\d+ ICE servers$/).waitFor();
    await bob.getByRole("status").filter({ hasText: "Here: ada, bob" }).waitFor();
    await ada.getByText("bob has come").waitFor();
    await bob.getByRole("button", { name: "Call" }).click();
    await ada.getByText("bob calls").waitFor();
    await bob.getByText("ada takes the call").waitFor();
    await ada.getByRole("button", { name: "Hang up" }).click();
    await bob.getByText("ada has hung up").waitFor();
    for (const one of [ada, bob]) await one.close();
  });
});
