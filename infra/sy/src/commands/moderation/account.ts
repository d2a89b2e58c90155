import { randomBytes } from "node:crypto";
import { Passwords } from "@switchyard/auth";
import {
  type AccountAction,
  accountId,
  auditAccountAction,
  exportAccount,
  InvalidAttributionError,
  removeAccount,
  revokeTokens,
  setPassword,
} from "@switchyard/core";
import { readConfig } from "@switchyard/runtime";
import { messagePolicies } from "@switchyard/store";
import type { Call, Command, Report } from "../../command.ts";
import { OperatorError, UsageError } from "../../exit-code.ts";
import type { Operator } from "../../operator.ts";
import { facts, table } from "../../table.ts";
import { since } from "../../units.ts";
import { byOption, NAMELESS } from "./described-ban.ts";

type Verb = (call: Call, operator: Operator, name: string) => Promise<Report>;

/** Those that change nothing. */
const looks: Readonly<Record<string, Verb>> = { list, show };
const verbs: Readonly<Record<string, Verb>> = { ...looks, passwd, revoke, rm, export: exported };

export const account: Command = {
  name: "account",
  operands: ["<verb>", "[<name>]"],
  changes: (_flags, [verb = ""]) => !(verb in looks),
  summary: "Accounts: list, show, passwd, revoke, rm or export.",
  more:
    "`list` shows the latest accounts, and `show` one, never anything of its password. `passwd` sets a random password and " +
    "prints it, `revoke` logs the account out everywhere, `rm` removes it with all that names it, and `export` prints all " +
    "that is kept of its owner; each of these needs a reason, and is in the audit log before it is done. Tokens are void " +
    "at once, and sessions with them end within a second; `rm` is finished by the sweep within seconds. An account that an " +
    "older version registered is on the list once it has logged in. Ends with 1 where there is no such account.",
  examples: [
    { call: "sy account list --limit 20", description: "the last twenty that registered" },
    { call: "sy account show anna", description: "since when, and its sessions" },
    { call: "sy account passwd anna --reason Forgotten --by max", description: "a new password" },
    { call: "sy account rm anna --messages erase --reason Requested", description: "for good" },
  ],
  options: {
    limit: { value: "n", description: "list: at most so many (default 100)" },
    skip: { value: "n", description: "list: without the latest so many" },
    messages: { value: "policy", description: "rm: erase or anonymise (default DELETED_ACCOUNT_MESSAGES)" },
    reason: { value: "text", description: "why, for the audit log; needed by passwd, revoke, rm and export" },
    by: byOption,
  },
  run: async (call) => {
    const [verb = "", name] = call.operands;
    const run = verbs[verb];
    if (!run) throw new UsageError(`the first argument must be one of ${Object.keys(verbs).join(", ")}`);
    if (name === undefined && run !== list) throw new UsageError("which account?");
    return run(call, await call.open(), name ?? "");
  },
};

async function list({ flags }: Call, { store }: Operator): Promise<Report> {
  const [limit, skip] = [flags.number("limit", 100, 1), flags.number("skip", 0)];
  const [accounts, total] = await Promise.all([store.accountIndex.page(limit, skip), store.accountIndex.size()]);
  const now = store.clock.now();
  const rows = accounts.map(({ username, created }) => [username, since(created, now)]);
  return { document: { accounts, total }, text: `${table(["account", "registered"], rows)}\n\n${total} in all` };
}

async function show(_: Call, { store, cluster }: Operator, name: string): Promise<Report> {
  const state = await store.accounts.state(name);
  if (!state) throw noAccount(name);
  const { username, created, removing } = state;
  const dialects = [...cluster.contexts.keys()];
  const each = await Promise.all(dialects.map((dialect) => store.users.sessions(dialect, username)));
  const [id, sessions] = [accountId(username), each.flat()];
  const text = facts([
    ["account", username],
    ["id in the audit log", id],
    ["registered", created > 0 ? since(created, store.clock.now()) : undefined],
    ["is being removed", removing],
    ["sessions", sessions.join(" ") || undefined],
  ]);
  return { document: { username, id, created, removing, sessions }, text };
}

async function passwd(call: Call, { cluster }: Operator, name: string): Promise<Report> {
  await note(call, name, "account-passwd");
  const password = randomBytes(15).toString("base64url");
  const hash = await (await Passwords.create()).hash(password);
  if (!(await setPassword(cluster, name, hash))) throw noAccount(name);
  return { document: { username: name, password }, text: password };
}

async function revoke(call: Call, { cluster }: Operator, name: string): Promise<Report> {
  await note(call, name, "account-revoke");
  if (!(await revokeTokens(cluster, name))) throw noAccount(name);
  return { document: { username: name }, text: `${name} is logged out everywhere` };
}

async function rm(call: Call, { cluster }: Operator, name: string): Promise<Report> {
  const configured = readConfig(["DELETED_ACCOUNT_MESSAGES"], call.environment).DELETED_ACCOUNT_MESSAGES;
  const messages = call.flags.oneOf("messages", messagePolicies) ?? configured;
  await note(call, name, "account-rm");
  if (!(await removeAccount(cluster, name, messages))) throw noAccount(name);
  const outcome = messages === "erase" ? "its messages are erased" : "its messages stay, without its name";
  return { document: { username: name, messages }, text: `${name} is removed, and ${outcome}` };
}

async function exported(call: Call, { cluster }: Operator, name: string): Promise<Report> {
  await note(call, name, "account-export");
  const document = await exportAccount(cluster, name);
  if (!document) throw noAccount(name);
  return { document, text: JSON.stringify(document, null, 2) };
}

/** The audit log has it before it is done. */
async function note({ flags, open }: Call, name: string, action: AccountAction): Promise<void> {
  const attribution = { by: flags.text("by") ?? NAMELESS, reason: flags.need("reason") };
  const isThere = await auditAccountAction((await open()).cluster, name, action, attribution).catch(
    (error: unknown) => {
      throw error instanceof InvalidAttributionError ? new UsageError(error.message) : error;
    },
  );
  if (!isThere) throw noAccount(name);
}

function noAccount(name: string): OperatorError {
  return new OperatorError(`there is no account ${name}`);
}
