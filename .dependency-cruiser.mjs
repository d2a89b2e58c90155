/**
 * The direction of imports in the whole repository, checked by `npm test` and `pnpm imports`. An import of a type counts like any other.
 *
 * `packages` are the packages whose names a package's sources may import; `libraries` those of others, where that is what the package
 * is about: without it, all that its package.json names.
 */
const DIRECTION = {
  "packages/protocol": { packages: [], libraries: ["zod"] },
  "packages/store": { packages: ["protocol"], libraries: ["ioredis"] },
  "packages/core": { packages: ["store", "protocol"], libraries: [] },
  "packages/dialects": { packages: ["core", "store", "protocol"], libraries: ["zod"] },
  "packages/client-types": { packages: [], libraries: [], builtins: false },
  "packages/client": { packages: ["client-types"], libraries: ["socket.io-client"], builtins: false },
  "packages/react": { packages: ["client", "client-types"], libraries: ["react"], builtins: false },
  "packages/auth": { packages: ["protocol"] },
  "packages/runtime": { packages: [] },
  "packages/doctor": { packages: ["core", "store", "protocol"], libraries: [] },
  "packages/load": { packages: [] },
  "packages/testkit": { packages: ["doctor", "store", "runtime"] },
  "services/signaling": { packages: ["auth", "runtime", "dialects", "core", "store", "protocol"] },
  "services/matchmaker": { packages: ["runtime", "dialects", "core", "store", "protocol"] },
  "services/web": {
    packages: ["client", "client-types"],
    libraries: ["react", "react-dom"],
    builtins: false,
  },
  "infra/proxy": { packages: [] },
  "infra/bootstrap": { sources: "infra/bootstrap/[^/]+$", packages: [], libraries: [] },
};

/** The rooms of a package from top to bottom: what stands on a line imports what stands on the same line or below. */
const ROOMS = {
  "services/signaling/src": [
    ["main.ts", "index.ts"],
    ["node.ts"],
    ["node-state.ts"],
    ["http"],
    ["socket"],
    ["lifecycle"],
    ["admission"],
    ["events"],
    ["broadcast"],
    ["sessions"],
    ["moderation"],
    ["limits"],
    ["telemetry"],
    ["config.ts"],
  ],
  "packages/core/src": [
    ["index.ts"],
    ["moderation", "accounts", "notices"],
    ["session", "identity", "pairing", "rooms", "presence", "chatroom", "calls"],
    ["context.ts", "participant.ts"],
  ],
};

const ALL = "^(?:packages|services|infra)/";
const anyOf = (names) => `(?:${names.map((name) => name.replaceAll(".", "\\.")).join("|")})`;
const forbid = (name, from, to) => ({ name, severity: "error", from, to });

function packageRules([path, { sources = `${path}/src/`, packages, libraries, builtins = true }]) {
  const from = { path: `^${sources}` };
  const below = [path, ...packages.map((name) => `packages/${name}`)];
  return [
    forbid(`${path}: packages`, from, { path: ALL, pathNot: `${ALL.slice(0, 1)}${anyOf(below)}/(?:src/|[^/]+$)` }),
    ...(libraries
      ? [forbid(`${path}: libraries`, from, { path: "node_modules/", pathNot: libraryPaths(libraries) })]
      : []),
    ...(builtins ? [] : [forbid(`${path}: browsers`, from, { dependencyTypes: ["core"] })]),
  ];
}

/** Libraries with their types, which are packages of their own. */
function libraryPaths(libraries) {
  return libraries.length === 0 ? [] : `/node_modules/(?:@types/)?${anyOf(libraries)}/`;
}

function roomRules([folder, lines]) {
  return lines.slice(1).map((rooms, index) =>
    forbid(
      `${folder}: ${rooms.join(", ")}`,
      { path: `^${folder}/${anyOf(rooms)}(?:/|$)` },
      {
        path: `^${folder}/${anyOf(lines.slice(0, index + 1).flat())}(?:/|$)`,
      },
    ),
  );
}

/** @type {import("dependency-cruiser").IConfiguration} */
export default {
  forbidden: [
    forbid("no cycles", {}, { circular: true }),
    forbid("an import is found, by a name that package.json has", { pathNot: "/dist/" }, { couldNotResolve: true }),
    forbid(
      "a package imports another one by its name",
      { path: "^((?:packages|services)/[^/]+)/" },
      { path: ALL, pathNot: "^$1/", dependencyTypes: ["local"] },
    ),
    forbid(
      "a test imports no service",
      { path: "^((?:packages|services)/[^/]+)/test/" },
      { path: "^services/", pathNot: "^$1/" },
    ),
    ...Object.entries(DIRECTION).flatMap(packageRules),
    ...Object.entries(ROOMS).flatMap(roomRules),
  ],
  options: {
    tsPreCompilationDeps: true, // imports of types too
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^(?:packages|services|infra)/[^/]+/dist/" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["source", "types", "import", "node", "default"],
    },
  },
};
