import type { Passwords, TokenIssuer } from "@switchyard/auth";
import type { DialectName } from "@switchyard/protocol";
import type { Store } from "@switchyard/store";
import type { FastifyInstance } from "fastify";
import type { AccountLimits } from "../limits/account-limits.ts";
import { addressGroup } from "../limits/client-address.ts";
import type { MemoryWatermark } from "../limits/memory-watermark.ts";
import { RequestProblem } from "./problem.ts";
import { Credentials, LoginAttempt, read } from "./schemas.ts";

export interface AccountParts {
  readonly store: Store;
  readonly passwords: Passwords;
  /** `undefined` where somebody else issues the tokens. */
  readonly issuer: TokenIssuer | undefined;
  /** The dialect whose users have accounts; `undefined`: nobody has one. */
  readonly dialect: DialectName | undefined;
  readonly limits: AccountLimits;
  readonly memory: Pick<MemoryWatermark, "check">;
  readonly registration: "open" | "closed";
}

/** `/api/auth/…`: accounts, which are for the dialect that a token opens. */
export function addAccountRoutes(http: FastifyInstance, parts: AccountParts): void {
  const { store, passwords, limits, memory, registration } = parts;
  http.post("/api/auth/register", async (request, reply) => {
    const session = sessionsOf(parts);
    if (registration === "closed") throw new RequestProblem(404, "not_found", "Nobody can register here.");
    const { username, password } = read(Credentials, request.body);
    await limits.beforeRegistering(addressGroup(request.ip), username);
    memory.check();
    const taken = new RequestProblem(409, "username_taken", "That name is taken.");
    if (await store.accounts.exists(username)) throw taken; // the rest would be for nothing
    if (!(await store.accounts.register(username, await passwords.hash(password)))) throw taken;
    return reply.code(201).send(session(username));
  });

  http.post("/api/auth/login", async (request) => {
    const session = sessionsOf(parts);
    const { username, password } = read(LoginAttempt, request.body);
    await limits.beforeLogin(addressGroup(request.ip), username);
    const account = await store.accounts.find(username);
    const isRight = await passwords.verify(account?.password, password);
    if (!isRight || !account) throw new RequestProblem(401, "unauthorized", "The name or the password is wrong.");
    await limits.loggedIn(username);
    return session(account.username);
  });
}

/** A token is for that dialect alone: a registered user must not thereby get in where an application decides about access. */
function sessionsOf({ issuer, dialect }: AccountParts): (username: string) => { token: string; username: string } {
  if (!issuer || dialect === undefined)
    throw new RequestProblem(404, "not_found", "No accounts are kept here: somebody else issues the tokens.");
  return (username) => ({ token: issuer.issue({ sub: username, username, dialect }), username });
}
