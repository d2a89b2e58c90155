import type { Devices, PasswordStrength, Passwords, TokenIssuer } from "@switchyard/auth";
import { type Cluster, registerAccount } from "@switchyard/core";
import type { DialectName } from "@switchyard/protocol";
import type { Account } from "@switchyard/store";
import type { FastifyInstance } from "fastify";
import type { AccountTokens } from "../../admission/account-tokens.ts";
import type { AccountLimits } from "../../limits/account-limits.ts";
import { addressGroup } from "../../limits/client-address.ts";
import type { MemoryWatermark } from "../../limits/memory-watermark.ts";
import { RequestProblem } from "../problem.ts";
import { read } from "../schemas.ts";
import { Credentials, LoginAttempt } from "./schemas.ts";

export interface AccountParts {
  readonly cluster: Cluster;
  readonly passwords: Passwords;
  readonly strength: PasswordStrength;
  /** `undefined` where somebody else issues the tokens. */
  readonly issuer: TokenIssuer | undefined;
  /** `undefined` where somebody else issues the tokens. */
  readonly devices: Devices | undefined;
  readonly tokens: AccountTokens;
  /** The dialect whose users have accounts; `undefined`: nobody has one. */
  readonly dialect: DialectName | undefined;
  readonly limits: AccountLimits;
  readonly memory: Pick<MemoryWatermark, "check">;
  readonly registration: "open" | "closed";
  /** The least score of a new password, from 0 to 4. */
  readonly leastScore: number;
}

/** The answer to a login; `device` where the client has one, or asked for one. */
interface LoggedIn {
  readonly token: string;
  readonly username: string;
  readonly device?: string;
}

type LogIn = (name: string, tokens: string, device?: string) => LoggedIn;

const WRONG = "The name or the password is wrong.";

/** `/api/auth/…`: to register and to log in. */
export function addLoginRoutes(http: FastifyInstance, parts: AccountParts): void {
  const { cluster, passwords, limits, memory, registration } = parts;
  const { accounts } = cluster.store;
  http.post("/api/auth/register", async (request, reply) => {
    const logIn = loginsOf(parts);
    if (registration === "closed") throw new RequestProblem(404, "not_found", "Nobody can register here.");
    const { username, password, device } = read(Credentials, request.body);
    await limits.beforeRegistering(addressGroup(request.ip), username);
    memory.check();
    const taken = new RequestProblem(409, "username_taken", "That name is taken.");
    if (await accounts.exists(username)) throw taken; // the rest would be for nothing
    await requireStrength(parts, password, username);
    const tokens = await registerAccount(cluster, username, await passwords.hash(password));
    if (tokens === undefined) throw taken;
    return reply.code(201).send(logIn(username, tokens, device));
  });

  http.post("/api/auth/login", async (request) => {
    const logIn = loginsOf(parts);
    const { username, password, device } = read(LoginAttempt, request.body);
    const known = parts.devices?.idOf(username, device);
    const forgive = await limits.beforeLogin(addressGroup(request.ip), username, known);
    const account = await findWithTokens(cluster, username);
    const isRight = await passwords.verify(account?.password, password);
    if (!isRight || !account || account.removing) throw new RequestProblem(401, "unauthorized", WRONG);
    await forgive();
    return logIn(account.username, account.tokens, device); // void by now if the password was changed meanwhile
  });
}

/** The account, with an id for its tokens also if an older version has registered it. */
async function findWithTokens({ store }: Cluster, name: string): Promise<Account | undefined> {
  const account = await store.accounts.find(name);
  if (account?.tokens !== "") return account;
  await store.accountIndex.add(account); // first: where this process dies, the next login goes on
  await store.accounts.ensureState(account.username);
  return store.accounts.find(name);
}

/**
 * Refuses a password that is among the first guesses of many.
 * @throws RequestProblem 400 `validation`
 */
export async function requireStrength(
  { strength, leastScore }: Pick<AccountParts, "strength" | "leastScore">,
  password: string,
  username: string,
): Promise<void> {
  if (leastScore === 0 || (await strength.score(password, username)) >= leastScore) return;
  throw new RequestProblem(400, "validation", "password: is too easy to guess; use several words or a longer one.");
}

/** A token is for that dialect alone: a registered user must not thereby get in where an application decides about access. */
export function loginsOf({ issuer, devices, dialect }: AccountParts): LogIn {
  if (!issuer || !devices || dialect === undefined)
    throw new RequestProblem(404, "not_found", "No accounts are kept here: somebody else issues the tokens.");
  return (username, account, device) => ({
    token: issuer.issue({ sub: username, username, dialect, account }),
    username,
    ...(device !== undefined && { device: devices.issue(username) }),
  });
}
