import { join } from "node:path";
import { expect, test } from "vitest";
import { findChromium } from "../../local/src/system/chromium.ts";
import { installing, machine, working } from "./machine.ts";

const announced = ["chromium: there is none: installing it from the system's packages"];

test.each(["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"])(
  "takes %s from the PATH",
  async (name) => {
    const { bin, environment, said, say } = await machine({ [name]: working });
    expect(await findChromium(say, environment)).toEqual({ path: join(bin, name) });
    expect(said).toEqual([]);
  },
);

test("takes the one that CHROMIUM names before any other", async () => {
  const { bin, environment, say } = await machine({ chromium: working, mine: working });
  expect(await findChromium(say, { ...environment, CHROMIUM: join(bin, "mine") })).toEqual({ path: join(bin, "mine") });
});

test("installs one where there is none, or one that only says where to get it", async () => {
  const { bin, environment, said, say, add } = await machine({ "chromium-browser": "echo 'snap install it'; exit 1" });
  const install = installing(bin, "chromium");
  await add("apt-get", `case "$*" in *" chromium") ${install};; esac`);
  await add("brew", `[ "$*" = "install --cask chromium" ] && { ${install}; }`);
  expect(await findChromium(say, environment)).toEqual({ path: join(bin, "chromium") });
  expect(said).toEqual(announced);
});

test("says why there is none", async () => {
  const missing = async (programs: Record<string, string>) => {
    const { environment, say } = await machine(programs);
    return findChromium(say, environment);
  };
  const mac = process.platform === "darwin";
  expect(await missing({})).toEqual({
    missing: `there is no Chromium, and ${mac ? "Homebrew is not installed" : "there is no apt-get to install it with"}`,
  });
  const failing = "echo 'fetching'; echo 'E: no such package'; exit 100";
  expect(await missing({ "apt-get": failing, brew: failing })).toEqual({
    missing: expect.stringMatching(/^there is no Chromium, and .*install.* chromium.*: E: no such package$/),
  });
  const broken = "exit 0"; // an installation after which there is nothing
  expect(await missing({ "apt-get": broken, brew: broken })).toEqual({
    missing: "there is no Chromium, and the one that was installed does not run",
  });
});

test("asks nobody for a password", async ({ skip }) => {
  skip(process.platform === "darwin", "Homebrew asks for none");
  const asRoot = process.getuid?.() === 0;
  const { environment, say } = await machine({ sudo: "exit 1", "apt-get": "echo refused; exit 1" });
  expect(await findChromium(say, environment)).toEqual({
    missing: `there is no Chromium, and ${asRoot ? "apt-get could not install chromium: refused" : "installing it needs a password"}`,
  });
});
