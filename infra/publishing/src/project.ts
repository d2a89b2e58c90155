import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { root, type Tarball } from "./tarballs.ts";

export interface Ran {
  readonly code: number;
  /** Both streams, as they came. */
  readonly output: string;
}

const MADE = new Set(["node_modules", "dist", ".next", "package-lock.json"]);

/** Whether npm can install what a project needs besides our packages. */
export function isRegistryReachable(): Promise<boolean> {
  return new Promise((resolve) => execFile("npm", ["view", "react", "version"], (error) => resolve(error === null)));
}

/** Somebody else's project, outside of this repository, which has our packages from their tarballs. */
export class Project {
  readonly directory: string;

  private constructor(directory: string) {
    this.directory = directory;
  }

  /** @param files their texts, by their paths */
  static async begin(files: Readonly<Record<string, string>>): Promise<Project> {
    const project = new Project(await mkdtemp(join(tmpdir(), "switchyard-project-")));
    await project.write({ "package.json": '{ "private": true, "type": "module" }\n', ...files });
    return project;
  }

  /** @param folder whose files are copied, but for what was installed or built there */
  static async copy(folder: string): Promise<Project> {
    const project = new Project(await mkdtemp(join(tmpdir(), "switchyard-project-")));
    const filter = (path: string) => !MADE.has(basename(path));
    await cp(folder, project.directory, { recursive: true, filter });
    return project;
  }

  async write(files: Readonly<Record<string, string>>): Promise<void> {
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(this.directory, path)), { recursive: true });
      await writeFile(join(this.directory, path), text);
    }
  }

  /**
   * Installs packages by npm, from its cache where they are there.
   * @param others from the registry, as in `react@18`
   * @throws Error with what npm printed, where it fails
   */
  async install(tarballs: readonly Tarball[], others: readonly string[] = []): Promise<void> {
    const what = [...tarballs.map(({ path }) => path), ...others];
    const { code, output } = await this.run(
      {},
      "npm",
      "install",
      "--prefer-offline",
      "--no-audit",
      "--no-fund",
      ...what,
    );
    if (code !== 0) throw new Error(`npm install failed:\n${output}`);
  }

  /** Runs a program of the system, of the project or of this repository, in that order of need. */
  run(environment: NodeJS.ProcessEnv, program: string, ...args: readonly string[]): Promise<Ran> {
    const places = [join(this.directory, "node_modules/.bin"), join(root, "node_modules/.bin"), process.env["PATH"]];
    const options = {
      cwd: this.directory,
      env: { ...process.env, ...environment, PATH: places.join(":") },
      maxBuffer: 2 ** 26,
    };
    return new Promise((resolve) => {
      execFile(program, args, options, (error, stdout, stderr) => {
        const code = typeof error?.code === "number" ? error.code : Number(error !== null);
        resolve({ code, output: `${stdout}${stderr}` });
      });
    });
  }

  readonly remove = (): Promise<void> => rm(this.directory, { recursive: true, force: true });
}
