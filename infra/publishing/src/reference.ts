import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Application, LogLevel } from "typedoc";
import { type Published, root } from "./tarballs.ts";

interface Manifest {
  readonly name: string;
  readonly exports: Readonly<Record<string, { readonly source?: string }>>;
}

/** The export that has all others in it. */
const BUNDLE = "./browser";

/**
 * Writes the reference of all that a package exports, as pages.
 * @returns all that its sources lack for it
 */
export async function writeReference(folder: Published, directory: string): Promise<string[]> {
  const inPackage = (...path: readonly string[]) => join(root, "packages", folder, ...path);
  const { name, exports } = JSON.parse(await readFile(inPackage("package.json"), "utf8")) as Manifest;
  const sources = Object.entries(exports).flatMap(([path, { source }]) => (path === BUNDLE ? [] : (source ?? [])));
  const application = await Application.bootstrap({
    name,
    entryPoints: sources.filter((path) => /\.tsx?$/.test(path)).map((path) => inPackage(path)),
    tsconfig: inPackage("tsconfig.json"),
    readme: inPackage("README.md"),
    excludePrivate: true,
    disableSources: true,
    logLevel: LogLevel.Warn,
    validation: { notExported: false, invalidLink: true, notDocumented: false },
  });
  const lacks: string[] = [];
  application.logger = Object.assign(application.logger, {
    log: (text: string, level: LogLevel) => level >= LogLevel.Warn && lacks.push(`${name}: ${text}`),
  });
  const project = await application.convert();
  if (!project) return [...lacks, `${name}: typedoc can't read it`];
  application.validate(project);
  await application.generateDocs(project, directory);
  return lacks;
}
