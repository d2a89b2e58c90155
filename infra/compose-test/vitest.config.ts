import { defineConfig } from "vitest/config";

const conditions = ["source"];

/**
 * Tests that need a node or a Redis of their own: they recognise the node of a client by ids that only the node's
 * starter knows, and read the chat's history after both were stopped.
 */
const ofSingleProcesses = ["where: on which node one is", "CHAT_RETENTION_DAYS", "ROOT_DIALECT pins it"];

/** The dialects' tests against one deployment, so one file at a time. */
export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ["packages/dialects/test/**/*.test.ts"],
    // about processes, or Redises, of their own; or by addresses and an operators' token that the deployment does not know
    exclude: [
      "**/*.process.test.ts",
      "**/contract/redis-*.test.ts",
      "**/contract/{bans,mutes}.test.ts",
      "**/chat/{ways,history.long}.test.ts",
    ],
    testNamePattern: new RegExp(`^(?!.*(?:${ofSingleProcesses.join("|")}))`),
    fileParallelism: false,
    provide: { ways: "all" },
    testTimeout: 90_000,
    hookTimeout: 180_000,
  },
});
