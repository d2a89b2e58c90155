import { startOrExit } from "@switchyard/runtime";
import { provideSecrets } from "./provide.ts";

const [directory, turnConfig, turnTemplate] = process.argv.slice(2);

await startOrExit(async () => {
  if (!directory || !turnConfig || !turnTemplate) {
    throw new Error("Usage: main.ts <directory for secrets> <coturn's configuration> <what that is made from>");
  }
  for (const sentence of provideSecrets({ directory, turnConfig, turnTemplate }, process.env)) {
    process.stdout.write(`${sentence}\n`);
  }
});
