/** How packages are installed with one of the system's package managers. */
export interface PackageManager {
  readonly program: string;
  /** Before the package's name; it must ask nothing. */
  readonly install: readonly string[];
  /** Fetches the lists of packages, where installing does not: a fresh system has none, an old one has stale ones. */
  readonly refresh?: readonly string[];
  /** A command, before the package's name, that says without being root which version would be installed. */
  readonly candidate: readonly string[];
  /** Finds that version in what the command prints (in the locale C). */
  readonly version: RegExp;
}

const aptGet: PackageManager = {
  program: "apt-get",
  // the timeout makes an installation wait for another one instead of failing
  install: ["install", "-y", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=120"],
  refresh: ["update"],
  candidate: ["apt-cache", "policy"],
  version: /^ *Candidate: (?:\d+:)?(\d\S*)/m,
};

const dnf: PackageManager = {
  program: "dnf",
  install: ["install", "-y", "--setopt=install_weak_deps=False"],
  candidate: ["dnf", "--quiet", "repoquery", "--latest-limit=1", "--queryformat=%{version}\n"],
  version: /^(\d\S*)/m,
};

const apk: PackageManager = {
  program: "apk",
  install: ["add", "--no-progress"],
  refresh: ["update"],
  candidate: ["apk", "policy"],
  version: /^ +(\d[^\s:]*):/m,
};

const pacman: PackageManager = {
  program: "pacman",
  install: ["-S", "--noconfirm", "--needed"],
  refresh: ["-Sy"],
  candidate: ["pacman", "-Si"],
  version: /^Version *: (?:\d+:)?(\d\S*)/m,
};

const zypper: PackageManager = {
  program: "zypper",
  install: ["--non-interactive", "install", "--no-recommends"],
  candidate: ["zypper", "--non-interactive", "info"],
  version: /^Version *: (\d\S*)/m,
};

/** In the order in which they are looked for. */
export const packageManagers: readonly PackageManager[] = [aptGet, dnf, apk, pacman, zypper];
