import { createHash } from "node:crypto";
import { type DialectName, Id } from "@switchyard/protocol";
import type { Ban, BanEffect, BanKind } from "@switchyard/store";
import type { Cluster } from "../context.ts";
import { sessionsOfUser } from "../identity/takeover.ts";
import { readNetwork } from "../network.ts";
import { endSession } from "../session/end-session.ts";
import { networkSubject, userSubject } from "./ban-list.ts";
import { spreadBans, spreadChange } from "./spreading.ts";

/** Longest reason, in UTF-16 units. */
export const MAX_REASON_LENGTH = 500;
const ID_LENGTH = 24;

/** A ban as an operator asks for it. Times in Unix ms. */
export interface BanRequest {
  /** Default: `ban`. */
  readonly effect?: BanEffect | undefined;
  readonly kind: BanKind;
  /** The user's id, an address, or a network in CIDR notation. */
  readonly whom: string;
  /** `undefined`: in all dialects. */
  readonly dialect?: DialectName | undefined;
  /** `undefined`: for good. */
  readonly until?: number | undefined;
  readonly reason: string;
  /** The operator's name. */
  readonly by: string;
}

/** A ban that can't be put in force; `message` says why, in a sentence. */
export class UnusableBanError extends Error {
  override readonly name = "UnusableBanError";
}

/**
 * Bans a user, an address or a network: in force when this resolves, everywhere where pairs are made, and at every node as soon as it has
 * heard so. The same again has the new end and reason. A process that dies on the way has put it in force: the sweep finishes the rest.
 * @throws UnusableBanError
 */
export async function ban(cluster: Cluster, request: BanRequest): Promise<Ban> {
  const { store } = cluster;
  const placed = banOf(request, store.clock.now());
  checkDialect(cluster, placed);
  await spreadChange(cluster, await store.moderation.put(placed), []);
  if (placed.kind === "user" && placed.effect === "ban") await endDetached(cluster, placed);
  return placed;
}

/** @throws UnusableBanError if the ban would have no effect in its dialect */
function checkDialect({ contexts }: Cluster, { effect, dialect }: Ban): void {
  if (dialect === undefined) return;
  const context = contexts.get(dialect);
  if (!context) throw new UnusableBanError(`There is no dialect ${dialect}.`);
  if (effect === "shadow" && context.queues.length === 0)
    throw new UnusableBanError(`In ${dialect} nobody is paired, so there is no shadow pool.`);
}

/**
 * Lifts a ban: when this resolves, its user can be paired again.
 * @returns the ban; `undefined` if there is none with that id
 */
export async function unban(cluster: Cluster, id: string, by: string, reason?: string): Promise<Ban | undefined> {
  const { lifted, ...change } = await cluster.store.moderation.lift(id, by, reason);
  if (lifted) await spreadChange(cluster, change, [lifted]);
  else await spreadBans(cluster); // the process that lifted it may have come no further
  return lifted;
}

function banOf({ effect = "ban", kind, whom, dialect, until, reason, by }: BanRequest, now: number): Ban {
  if (until !== undefined && until <= now) throw new UnusableBanError("It would be over already.");
  if (!isText(reason, MAX_REASON_LENGTH))
    throw new UnusableBanError(`The reason must be 1 to ${MAX_REASON_LENGTH} characters, without control characters.`);
  if (!Id.safeParse(by).success) throw new UnusableBanError("The operator's name can't be used.");
  const { text, subject } = subjectOf(kind, whom);
  const id = createHash("sha256")
    .update(`${effect}\n${dialect ?? ""}\n${subject}`)
    .digest("hex")
    .slice(0, ID_LENGTH);
  return { id, effect, kind, whom: text, subject, dialect, until, reason, by, at: now };
}

function subjectOf(kind: BanKind, whom: string): { text: string; subject: string } {
  if (kind === "user") {
    if (!Id.safeParse(whom).success) throw new UnusableBanError("That is no user's id.");
    return { text: whom, subject: userSubject(whom) };
  }
  const network = kind === "address" && whom.includes("/") ? undefined : readNetwork(whom);
  if (!network)
    throw new UnusableBanError(
      kind === "address"
        ? "That is no IPv4 or IPv6 address."
        : "That is no network as 203.0.113.0/24 or 2001:db8::/32 is one, or it is larger than /8 (IPv4) or /16 (IPv6).",
    );
  return { text: network.text, subject: networkSubject(network.bits) };
}

/** Whether it is text of such a length, as operators give it. */
export function isText(text: string, most: number): boolean {
  return text.length > 0 && text.length <= most && !/[\p{Cc}\p{Cs}]/u.test(text);
}

/** Sessions of the user that wait for their client to come back end now: it can't, and the others should not wait for it. */
async function endDetached(cluster: Cluster, { whom, dialect }: Ban): Promise<void> {
  const contexts = [...cluster.contexts.values()].filter(
    (context) => dialect === undefined || dialect === context.dialect,
  );
  for (const context of contexts) {
    for (const session of await sessionsOfUser(context, whom)) {
      const record = await cluster.store.sessions.read(session);
      if (record?.state === "detached") await endSession(cluster, session, record.node, record.epoch);
    }
  }
}
