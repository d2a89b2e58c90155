import { defineConfig } from "tsdown";

export default defineConfig({
  entry: { index: "src/index.ts" },
  platform: "neutral",
  target: "es2022",
  dts: true,
  tsconfig: "tsconfig.build.json",
  fixedExtension: false,
  failOnWarn: false,
  copy: ["src/styles.css"],
  // Next.js runs none of it on a server.
  outputOptions: { banner: '"use client";' },
});
