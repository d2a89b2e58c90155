import {
  type AccountAction,
  type Attribution,
  accountId,
  auditAccountAction,
  exportAccount,
  InvalidAttributionError,
  removeAccount,
  revokeTokens,
  setPassword,
} from "@switchyard/core";
import type { AccountState } from "@switchyard/store";
import type { FastifyInstance } from "fastify";
import { operatorOf } from "../moderation.ts";
import { RequestProblem } from "../problem.ts";
import { read } from "../schemas.ts";
import { type OperatorTokens, requireOperator } from "../security.ts";
import type { AccountParts } from "./login.ts";
import { AccountParameters, AccountsQuery, ActionBody, PasswordActionBody, RemovalBody } from "./schemas.ts";

const ACCOUNTS_A_PAGE = 100;

/** `/api/admin/accounts…`: what operators do with accounts. Each action is in the audit log before it is done. */
export function addAccountActions(http: FastifyInstance, parts: AccountParts, tokens: OperatorTokens): void {
  const { cluster, passwords } = parts;
  const { accounts, accountIndex, users } = cluster.store;
  const note = async (name: string, action: AccountAction, attribution: Attribution) => {
    const isThere = await auditAccountAction(cluster, name, action, attribution).catch((error: unknown) => {
      throw error instanceof InvalidAttributionError ? new RequestProblem(400, "validation", error.message) : error;
    });
    if (!isThere) throw noAccount();
  };

  http.get("/api/admin/accounts", async (request, reply) => {
    requireOperator(request, reply, tokens, "read");
    const skipped = Number(read(AccountsQuery, request.query).cursor ?? 0);
    const [page, total] = await Promise.all([accountIndex.page(ACCOUNTS_A_PAGE, skipped), accountIndex.size()]);
    const next = page.length < ACCOUNTS_A_PAGE ? undefined : String(skipped + page.length);
    const listed = page.map(({ username, created }) => ({ username, created: new Date(created).toISOString() }));
    return { accounts: listed, total, ...(next === undefined ? {} : { nextCursor: next }) };
  });

  http.get("/api/admin/accounts/:name", async (request, reply) => {
    requireOperator(request, reply, tokens, "read");
    const { name } = read(AccountParameters, request.params);
    const state = await accounts.state(name);
    if (!state) throw noAccount();
    const sessions = parts.dialect === undefined ? [] : await users.sessions(parts.dialect, state.username);
    return { ...describe(state), sessions };
  });

  http.post("/api/admin/accounts/:name/password", async (request, reply) => {
    requireOperator(request, reply, tokens, "write");
    const { name } = read(AccountParameters, request.params);
    const { password, reason } = read(PasswordActionBody, request.body);
    await note(name, "account-passwd", { by: operatorOf(request.headers), reason });
    if (!(await setPassword(cluster, name, await passwords.hash(password)))) throw noAccount();
    return { username: name };
  });

  http.post("/api/admin/accounts/:name/revoke", async (request, reply) => {
    requireOperator(request, reply, tokens, "write");
    const { name } = read(AccountParameters, request.params);
    const { reason } = read(ActionBody, request.body);
    await note(name, "account-revoke", { by: operatorOf(request.headers), reason });
    if (!(await revokeTokens(cluster, name))) throw noAccount();
    return { username: name };
  });

  http.post("/api/admin/accounts/:name/remove", async (request, reply) => {
    requireOperator(request, reply, tokens, "write");
    const { name } = read(AccountParameters, request.params);
    const { reason, messages } = read(RemovalBody, request.body);
    await note(name, "account-rm", { by: operatorOf(request.headers), reason });
    if (!(await removeAccount(cluster, name, messages))) throw noAccount();
    return reply.code(202).send({ username: name, messages });
  });

  http.post("/api/admin/accounts/:name/export", async (request, reply) => {
    requireOperator(request, reply, tokens, "write"); // it shows all that somebody said, and so it is noted
    const { name } = read(AccountParameters, request.params);
    const { reason } = read(ActionBody, request.body);
    await note(name, "account-export", { by: operatorOf(request.headers), reason });
    const exported = await exportAccount(cluster, name);
    if (!exported) throw noAccount();
    return exported;
  });
}

function noAccount(): RequestProblem {
  return new RequestProblem(404, "not_found", "There is no such account.");
}

/** An account as operators see it: without anything of its password or its tokens. */
function describe({ username, created, removing }: AccountState) {
  return {
    username,
    id: accountId(username),
    ...(created > 0 && { created: new Date(created).toISOString() }),
    ...(removing && { removing }),
  };
}
