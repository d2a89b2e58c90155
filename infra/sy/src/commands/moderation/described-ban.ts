import type { Ban, BanEffect } from "@switchyard/store";
import { duration, since } from "../../units.ts";

/** A ban as `--json` prints it: without what only scripts compare. */
export function describeBan({ subject: _, ...described }: Ban) {
  return described;
}

/** By the effect of a ban, what its subject is. */
export const participles: Readonly<Record<BanEffect, string>> = {
  ban: "banned",
  mute: "muted",
  shadow: "in the shadow pool",
};

/** The user, address or network, in a cell. */
export function whomOf({ kind, whom }: Ban): string {
  return `${kind} ${whom}`;
}

/** The dialect, in a cell. */
export function scopeOf({ dialect }: Ban): string {
  return dialect ?? "everywhere";
}

/** When it ends, in a cell. */
export function endOf({ until }: Ban, now: number): string {
  return until === undefined ? "never" : (since(until, now) ?? "");
}

/** How long it lasts, in a cell. */
export function lengthOf({ until, at }: Ban): string {
  return until === undefined ? "for good" : `for ${duration(until - at)}`;
}

/** The operator's name where `--by` gives none. */
export const NAMELESS = "sy";
export const byOption = { value: "name", description: "the operator's name, for the audit log (default sy)" } as const;
