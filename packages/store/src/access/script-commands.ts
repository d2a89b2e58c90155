import { globSync, readFileSync } from "node:fs";

const directory = new URL("../../lua/", import.meta.url);

/** Every command that a script of `lua/` calls: whoever runs scripts needs them, since scripts have their caller's rights. */
export function scriptCommands(): string[] {
  const sources = globSync("**/*.lua", { cwd: directory }).map((file) =>
    readFileSync(new URL(file, directory), "utf8"),
  );
  const calls = sources.flatMap((source) => [...source.matchAll(/redis\.p?call\(\s*(?:'(\w+)'|(\S+))/g)]);
  const unclear = calls.find(([, command]) => command === undefined);
  if (unclear) throw new Error(`a script calls a command that its text does not name: ${unclear[0]}`);
  return [...new Set(calls.map(([, command = ""]) => command.toLowerCase()))];
}
