import { TokenIssuer } from "@switchyard/auth";
import { dialectNames } from "@switchyard/dialects";
import { Cohort, Id } from "@switchyard/protocol";
import { readConfig, settings } from "@switchyard/runtime";
import type { Call, Command } from "../command.ts";
import { OperatorError, UsageError } from "../exit-code.ts";

export const token: Command = {
  name: "token",
  changes: () => true,
  operands: [],
  summary: "Mints a token with JWT_SECRET, or, outside production, with the secret that the nodes agreed on.",
  more:
    "Needs no Redis where `JWT_SECRET` is set. The token is the answer, and nothing else is. Ends with 1 " +
    "where tokens are issued by somebody else (`JWT_PUBLIC_KEY`, `JWKS_URL`), in production without a " +
    "secret, and elsewhere before a node has made one.",
  examples: [
    { call: "sy token --user anna", description: "a token for anna" },
    {
      call: "sy token --user anna --dialect rooms --room standup --expires 2h",
      description: "good for one meeting only",
    },
  ],
  options: {
    user: { value: "user", description: "the user that the token is for" },
    username: { value: "name", description: "the name of that user" },
    dialect: { value: "name", description: "the only dialect that it is good for" },
    room: { value: "name", description: "the only match, call or meeting that it is good for" },
    cohort: { value: "name", description: "the only cohort in which its user is paired (default: none)" },
    expires: { value: "time", description: "how long it is good: 30s, 15m, 2h, 7d (default JWT_EXPIRES_IN)" },
  },
  run: async (call) => {
    const { flags } = call;
    const claims = {
      sub: idOf("user", flags.need("user")),
      ...optional("username", flags.text("username")),
      ...optional("room", flags.text("room")),
      ...dialectOf(call),
      ...cohortOf(call),
    };
    const lifetime = lifetimeOf(call);
    const minted = new TokenIssuer(await secretOf(call), lifetime).issue(claims);
    const expires = Math.floor(Date.now() / 1000) + lifetime;
    return { document: { token: minted, ...claims, expires }, text: minted };
  },
};

function idOf(name: string, text: string): string {
  const parsed = Id.safeParse(text);
  if (!parsed.success) throw new UsageError(`--${name} is not usable: ${parsed.error.issues[0]?.message}`);
  return parsed.data;
}

function optional(name: "username" | "room", text: string | undefined) {
  return text === undefined ? {} : { [name]: idOf(name, text) };
}

function dialectOf({ flags }: Call) {
  const dialect = flags.oneOf("dialect", dialectNames);
  return dialect === undefined ? {} : { dialect };
}

function cohortOf({ flags }: Call) {
  const text = flags.text("cohort");
  if (text === undefined) return {};
  const parsed = Cohort.safeParse(text);
  if (!parsed.success) throw new UsageError(`--cohort is not usable: ${parsed.error.issues[0]?.message}`);
  return { cohort: parsed.data };
}

/** In seconds. */
function lifetimeOf({ flags, environment }: Call): number {
  const text = flags.text("expires");
  if (text === undefined) return readConfig(["JWT_EXPIRES_IN"], environment).JWT_EXPIRES_IN;
  const parsed = settings.JWT_EXPIRES_IN.safeParse(text);
  if (!parsed.success) throw new UsageError(`--expires ${parsed.error.issues[0]?.message}`);
  return parsed.data;
}

async function secretOf({ environment, open }: Call): Promise<string> {
  const names = ["JWT_SECRET", "JWT_PUBLIC_KEY", "JWKS_URL", "NODE_ENV"] as const;
  const { JWT_SECRET, JWT_PUBLIC_KEY, JWKS_URL, NODE_ENV } = readConfig(names, environment);
  if (JWT_PUBLIC_KEY !== undefined || JWKS_URL !== undefined) {
    throw new OperatorError(
      "the tokens of this cluster are issued by somebody else (JWT_PUBLIC_KEY or JWKS_URL is set)",
    );
  }
  if (JWT_SECRET !== undefined) return JWT_SECRET;
  if (NODE_ENV === "production") throw new OperatorError("JWT_SECRET is missing");
  const agreed = await (await open()).store.secrets.find("jwt");
  if (agreed === undefined) throw new OperatorError("no node has made a secret yet: start one, or set JWT_SECRET");
  return agreed;
}
