import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { until } from "@switchyard/testkit";
import { expect, test } from "vitest";
import { root } from "../src/tarballs.ts";
import { serveFiles, start } from "./serve.ts";
import { describeExample, faultsOf, type Stage } from "./stage.ts";

let page = "";

/** The page for strangers, beside the bundle that it asks for. */
async function servePage({ project, tarballs, cleanUp }: Stage): Promise<void> {
  await project.install([tarballs.client]);
  const bundle = join(project.directory, "node_modules/@switchyard/client/dist/browser.js");
  await copyFile(bundle, join(project.directory, "switchyard.js"));
  await copyFile(join(root, "examples/plain-html-random/index.html"), join(project.directory, "index.html"));
  page = await serveFiles(project.directory, cleanUp);
}

describeExample("plain-html-random", servePage, (stage) => {
  test("two who open the file write to each other, at two nodes", async () => {
    const { cluster, open } = stage();
    const [ada, bob] = await Promise.all(
      [0, 1].map((node) => open(`${page}/?server=${encodeURIComponent(cluster.node(node).url)}`)),
    );
    if (!ada || !bob) throw new Error("Nobody is there.");
    for (const one of [ada, bob]) await one.getByRole("status").filter({ hasText: "Somebody is here." }).waitFor();
    await ada.getByLabel("Message", { exact: true }).fill("Hello!");
    await ada.keyboard.press("Enter");
    await bob.getByText("Stranger: Hello!").waitFor();
    expect(await faultsOf(ada)).toEqual([]);
    await ada.getByRole("button", { name: "Next" }).click();
    await bob.getByRole("status").filter({ hasText: "The other one has gone." }).waitFor();
    for (const one of [ada, bob]) await one.close();
    await cluster.empty();
  });
});

describeExample("node-bot", servePage, (stage) => {
  test("the bot greets whoever comes, answers, and waits for the next one", async () => {
    const { project, cluster, cleanUp, open } = stage();
    const printed = start(project.directory, [process.execPath, "bot.js", cluster.node(0).url], cleanUp);
    await until("the bot to be there", () => printed().includes("connected"));
    for (const words of ["abc", "xyz"]) {
      const stranger = await open(`${page}/?server=${encodeURIComponent(cluster.node(1).url)}`);
      await stranger.getByText("Stranger: Hello! I am a bot.").waitFor();
      await stranger.getByLabel("Message", { exact: true }).fill(words);
      await stranger.keyboard.press("Enter");
      await stranger.getByText(`Stranger: ${[...words].toReversed().join("")}`).waitFor();
      await stranger.close();
    }
    expect(printed()).not.toContain("Error");
  });
});
