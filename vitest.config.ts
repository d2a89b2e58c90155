import { defineConfig } from "vitest/config";

const conditions = ["source"];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  environments: { __vitest__: { resolve: { conditions } } },
  test: {
    include: ["packages/*/test/**/*.test.ts", "services/*/test/**/*.test.ts", "infra/*/test/**/*.test.ts"],
    globalSetup: ["infra/local/src/system/neutral-environment.ts", "packages/testkit/src/global-setup.ts"],
    env: { NODE_ENV: "test" },
    testTimeout: 60_000,
    hookTimeout: 120_000,
    maxWorkers: 4,
  },
});
