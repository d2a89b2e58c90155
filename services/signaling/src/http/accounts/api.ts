import type { ApiRoute } from "../api-route.ts";
import { OperatorHeaders } from "../moderation-api.ts";
import { busy, Problem, TooMany } from "../schemas.ts";
import {
  AccountDetails,
  AccountExport,
  AccountName,
  AccountParameters,
  Accounts,
  AccountsQuery,
  ActionBody,
  Credentials,
  LoginAttempt,
  NewPassword,
  PasswordActionBody,
  PasswordOnly,
  Removal,
  RemovalBody,
  Session,
} from "./schemas.ts";

const always = {
  429: { description: "Too many requests; `Retry-After` says when to try again.", content: TooMany },
  503: { description: "Not possible right now; try again.", content: Problem },
};
const elsewhere = {
  404: { description: "Somebody else issues the tokens: no accounts are kept here.", content: Problem },
};
const closed = { 404: { description: "`REGISTRATION` is closed, or no accounts are kept here.", content: Problem } };
const unproven = {
  401: { description: "The token is not valid, or the password is wrong.", content: Problem },
  ...elsewhere,
  ...always,
};
const operatorErrors = {
  401: { description: "The request bears none of the operators' tokens.", content: Problem },
  404: { description: "There is no such account.", content: Problem },
  ...always,
};
const changing = {
  400: { description: "That can't be done so.", content: Problem },
  403: { description: "`OBSERVER_TOKEN` changes nothing.", content: Problem },
  ...operatorErrors,
};
const done = { description: "All tokens from before are void, and sessions with them end.", content: AccountName };
const base = "/api/admin/accounts";

/** Accounts: for their owners, and for operators. For the specification. */
export const accountsApi: readonly ApiRoute[] = [
  {
    method: "post",
    path: "/api/auth/register",
    summary: "Create an account and log in",
    tag: "accounts",
    body: Credentials,
    responses: {
      201: { description: "The account is there.", content: Session },
      400: { description: "The name or the password can't be taken.", content: Problem },
      409: { description: "The name is taken.", content: Problem },
      ...closed,
      ...always,
      ...busy,
    },
  },
  {
    method: "post",
    path: "/api/auth/login",
    summary: "Log in",
    tag: "accounts",
    body: LoginAttempt,
    responses: {
      200: { description: "A token for the dialect `chat`.", content: Session },
      400: { description: "No name or no password.", content: Problem },
      401: { description: "Wrong name or wrong password.", content: Problem },
      ...elsewhere,
      ...always,
    },
  },
  {
    method: "post",
    path: "/api/account/password",
    summary: "Change the password, and log out everywhere else",
    tag: "accounts",
    bearers: ["user"],
    body: NewPassword,
    responses: {
      200: { description: "All tokens from before are void; this one is valid.", content: Session },
      400: { description: "The new password can't be taken.", content: Problem },
      ...unproven,
    },
  },
  {
    method: "post",
    path: "/api/account/logout",
    summary: "Log out everywhere",
    tag: "accounts",
    bearers: ["user"],
    responses: { 200: done, ...unproven },
  },
  {
    method: "post",
    path: "/api/account/delete",
    summary: "Delete the account",
    tag: "accounts",
    bearers: ["user"],
    body: PasswordOnly,
    responses: {
      202: {
        description: "All tokens are void, and sessions end; within seconds of that nothing is kept any longer.",
        content: Removal,
      },
      400: { description: "No password.", content: Problem },
      ...unproven,
    },
  },
  {
    method: "get",
    path: "/api/account/export",
    summary: "All that is kept of the account's owner",
    tag: "accounts",
    bearers: ["user"],
    responses: { 200: { description: "As a file.", content: AccountExport }, ...unproven },
  },
  {
    method: "get",
    path: base,
    summary: "Accounts, the latest first, 100 a page",
    tag: "moderation",
    bearers: ["admin", "observer"],
    query: AccountsQuery,
    responses: {
      200: { description: "A page of them.", content: Accounts },
      400: { description: "The cursor is none.", content: Problem },
      401: operatorErrors[401],
      ...always,
    },
  },
  {
    method: "get",
    path: `${base}/{name}`,
    operation: "getApiAdminAccount",
    summary: "An account",
    tag: "moderation",
    bearers: ["admin", "observer"],
    parameters: AccountParameters,
    responses: { 200: { description: "Nothing of its password.", content: AccountDetails }, ...operatorErrors },
  },
  {
    method: "post",
    path: `${base}/{name}/password`,
    summary: "Set an account's password, and log it out everywhere",
    tag: "moderation",
    bearers: ["admin"],
    parameters: AccountParameters,
    headers: OperatorHeaders,
    body: PasswordActionBody,
    responses: { 200: done, ...changing },
  },
  {
    method: "post",
    path: `${base}/{name}/revoke`,
    summary: "Log an account out everywhere",
    tag: "moderation",
    bearers: ["admin"],
    parameters: AccountParameters,
    headers: OperatorHeaders,
    body: ActionBody,
    responses: { 200: done, ...changing },
  },
  {
    method: "post",
    path: `${base}/{name}/remove`,
    summary: "Remove an account",
    tag: "moderation",
    bearers: ["admin"],
    parameters: AccountParameters,
    headers: OperatorHeaders,
    body: RemovalBody,
    responses: {
      202: { description: "Its tokens are void, and it is removed once its sessions have ended.", content: Removal },
      ...changing,
    },
  },
  {
    method: "post",
    path: `${base}/{name}/export`,
    summary: "All that is kept of an account's owner; noted in the audit log",
    tag: "moderation",
    bearers: ["admin"],
    parameters: AccountParameters,
    headers: OperatorHeaders,
    body: ActionBody,
    responses: { 200: { description: "The export.", content: AccountExport }, ...changing },
  },
];
