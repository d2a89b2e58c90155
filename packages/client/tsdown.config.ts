import { defineConfig, type UserConfig } from "tsdown";

const dialects = ["match", "random", "calls", "rooms", "chat"];

const common: UserConfig = {
  target: "es2022",
  dts: true,
  tsconfig: "tsconfig.build.json",
  fixedExtension: false,
  failOnWarn: false,
  // Types of another package of this workspace, which is not published, become part of this one's.
  inputOptions: { resolve: { conditionNames: ["source", "import", "default"] } },
};

export default defineConfig([
  {
    ...common,
    platform: "neutral",
    entry: {
      index: "src/index.ts",
      call: "src/call/index.ts",
      ...Object.fromEntries(dialects.map((name) => [name, `src/dialects/${name}.ts`])),
    },
    deps: { dts: { alwaysBundle: ["@switchyard/client-types"] } },
  },
  {
    ...common,
    platform: "browser",
    entry: { browser: "src/browser.ts" },
    clean: false,
    minify: true,
    deps: { alwaysBundle: /.*/, onlyBundle: false, dts: { alwaysBundle: ["@switchyard/client-types"] } },
  },
]);
