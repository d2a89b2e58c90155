import { type Claims, KeysUnavailableError, TokenError } from "@switchyard/auth";
import { changePassword, exportAccount, removeAccount, revokeTokens } from "@switchyard/core";
import type { Account, MessagePolicy } from "@switchyard/store";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { addressGroup } from "../../limits/client-address.ts";
import { RequestProblem, TRY_AGAIN } from "../problem.ts";
import { read } from "../schemas.ts";
import { bearerTokenOf } from "../security.ts";
import { type AccountParts, loginsOf, requireStrength } from "./login.ts";
import { NewPassword, PasswordOnly } from "./schemas.ts";

/**
 * `/api/account…`: what the owner of an account does with it, who shows its token, and for what can't be undone its password.
 * @param messages what becomes of the messages of an account that is removed
 */
export function addOwnAccountRoutes(http: FastifyInstance, parts: AccountParts, messages: MessagePolicy): void {
  const { cluster, passwords, limits } = parts;

  http.post("/api/account/password", async (request, reply) => {
    const logIn = loginsOf(parts);
    const { password, newPassword } = read(NewPassword, request.body);
    const account = await prove(parts, request, reply, password);
    await requireStrength(parts, newPassword, account.username);
    const hash = await passwords.hash(newPassword);
    const tokens = await changePassword(cluster, account.username, account.password, hash);
    if (tokens === undefined) throw new RequestProblem(401, "unauthorized", "The password is wrong.");
    return logIn(account.username, tokens);
  });

  http.post("/api/account/logout", async (request, reply) => {
    const { sub: username } = await claimsOf(parts, request, reply);
    await limits.beforeUse(username);
    await revokeTokens(cluster, username);
    return { username };
  });

  http.post("/api/account/delete", async (request, reply) => {
    const { password } = read(PasswordOnly, request.body);
    const { username } = await prove(parts, request, reply, password);
    await removeAccount(cluster, username, messages);
    return reply.code(202).send({ username, messages });
  });

  http.get("/api/account/export", async (request, reply) => {
    const { sub: username } = await claimsOf(parts, request, reply);
    await limits.beforeUse(username);
    const exported = await exportAccount(cluster, username);
    if (!exported) throw new RequestProblem(401, "unauthorized", "The token is not valid.");
    reply.header("content-disposition", `attachment; filename="${username}.json"`);
    return exported;
  });
}

/**
 * The account whose token a request bears, if its password is right. Guesses of somebody who has found a token are counted as those of a
 * device that is known.
 */
async function prove(
  parts: AccountParts,
  request: FastifyRequest,
  reply: FastifyReply,
  password: string,
): Promise<Account> {
  const { sub: username, account: tokens } = await claimsOf(parts, request, reply);
  await parts.limits.beforeUse(username);
  const forgive = await parts.limits.beforeLogin(addressGroup(request.ip), username, tokens);
  const account = await parts.cluster.store.accounts.find(username);
  const isRight = await parts.passwords.verify(account?.password, password);
  if (!isRight || !account || account.removing) throw new RequestProblem(401, "unauthorized", "The password is wrong.");
  await forgive();
  return account;
}

/** The claims of the account's token that a request bears. */
async function claimsOf(parts: AccountParts, request: FastifyRequest, reply: FastifyReply): Promise<Claims> {
  loginsOf(parts);
  try {
    const claims = await parts.tokens.verify(bearerTokenOf(request));
    if (claims.account === undefined) throw new TokenError("unauthorized", "it is no account's");
    return claims;
  } catch (error) {
    if (error instanceof KeysUnavailableError) throw new RequestProblem(503, "server_error", TRY_AGAIN);
    if (!(error instanceof TokenError)) throw error;
    reply.header("www-authenticate", "Bearer");
    throw new RequestProblem(401, error.code, "The token is not valid.");
  }
}
