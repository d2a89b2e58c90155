import { startOrExit } from "@switchyard/runtime";
import { provideSecrets } from "./provide.ts";
import { provideRedisAccess } from "./redis-access.ts";

const [directory, turnConfig, turnTemplate, matchmakers, operators, redis] = process.argv.slice(2);

await startOrExit(async () => {
  if (!directory || !turnConfig || !turnTemplate || !matchmakers || !operators || !redis) {
    const places =
      "<nodes' secrets> <coturn's configuration> <what that is made from> <matchmakers' secrets> <operators'> <Redis's>";
    throw new Error(`Usage: main.ts ${places}`);
  }
  const sentences = [
    ...provideSecrets({ directory, turnConfig, turnTemplate }, process.env),
    provideRedisAccess({ nodes: directory, matchmakers, operators, redis }),
  ];
  for (const sentence of sentences) process.stdout.write(`${sentence}\n`);
});
