import { fileURLToPath } from "node:url";
import { startOrExit } from "@switchyard/runtime";
import { launch } from "./launch.ts";

const fromRoot = (path: string) => fileURLToPath(new URL(`../../../${path}`, import.meta.url));

await startOrExit(() =>
  launch(fromRoot("."), {
    signaling: fromRoot("services/signaling/src/main.ts"),
    matchmaker: fromRoot("services/matchmaker/src/main.ts"),
  }),
);
