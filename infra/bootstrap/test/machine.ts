import { chmod, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** A machine whose PATH holds some programs, given as shell scripts, and nothing else. */
export interface Machine {
  readonly bin: string;
  readonly environment: { readonly PATH: string };
  /** The messages to the user, who waits for it. */
  readonly said: string[];
  readonly say: (name: string, text: string) => void;
  add(name: string, script: string): Promise<void>;
}

/** Prints a version, as programs do that run. */
export const working = "echo 1.0";

/** The shell command that puts a program where the PATH finds it. */
export function installing(bin: string, name: string, script = working): string {
  return `printf '#!/bin/sh\\n%s\\n' '${script}' > ${bin}/${name}; /bin/chmod 755 ${bin}/${name}`;
}

/** The user may do everything without a password, unless `programs` has a `sudo` that refuses it. */
export async function machine(programs: Readonly<Record<string, string>> = {}): Promise<Machine> {
  const bin = await mkdtemp(join(tmpdir(), "switchyard-machine-"));
  onTestFinished(() => rm(bin, { recursive: true, force: true }));
  await symlink("/usr/bin/env", join(bin, "env"));
  const add = async (name: string, script: string) => {
    await writeFile(join(bin, name), `#!/bin/sh\n${script}\n`);
    await chmod(join(bin, name), 0o755);
  };
  for (const [name, script] of Object.entries({ sudo: 'shift; exec "$@"', ...programs })) await add(name, script);
  const said: string[] = [];
  const say = (name: string, text: string) => void said.push(`${name}: ${text}`);
  return { bin, environment: { PATH: bin }, said, say, add };
}
