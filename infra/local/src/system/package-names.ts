/** What a package is called by other package managers than Debian's. */
export interface OtherNames {
  /** By the manager's program; several are tried in this order. */
  readonly names: Readonly<Record<string, readonly string[]>>;
  /** The least major version that is of any use. */
  readonly leastMajor?: number;
}

/**
 * By Debian's names. Where Valkey has taken Redis's place, it is the package by which there is a `redis-server`.
 */
export const otherNames: Readonly<Record<string, OtherNames>> = {
  "redis-server": {
    names: {
      dnf: ["redis", "valkey-compat-redis"],
      apk: ["redis"],
      pacman: ["valkey"],
      zypper: ["redis", "valkey-compat-redis"],
    },
    leastMajor: 7,
  },
  chromium: { names: { dnf: ["chromium"], apk: ["chromium"], pacman: ["chromium"], zypper: ["chromium"] } },
};
