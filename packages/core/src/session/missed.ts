import type { RoomId, SessionId } from "@switchyard/protocol";
import type { MissedEvent, Restored } from "@switchyard/store";
import type { Cluster, Context } from "../context.ts";
import { type Reference, readReference } from "../reference.ts";

/**
 * A session that was taken over or compared, with what it has missed as its client receives it: events that were kept without their large
 * state are rendered with it. A roster before the last one has an empty packet, and its number counts all the same.
 * @returns `gap` where such a state is no longer kept
 */
export async function withMissedState(
  { contexts }: Pick<Cluster, "contexts">,
  session: SessionId,
  restored: Restored,
): Promise<Restored | "gap"> {
  const { record, missed } = restored;
  const references = missed.map(({ packet }) => readReference(packet));
  const context = record.dialect === "" ? undefined : contexts.get(record.dialect);
  if (!context || references.every((reference) => reference === undefined)) return restored;
  const lastRosters = new Map<RoomId, number>();
  for (const [i, reference] of references.entries()) {
    if (reference?.event.type === "roster") lastRosters.set(reference.event.room, i);
  }
  const render = async (event: MissedEvent, i: number): Promise<MissedEvent | "gap"> => {
    const reference = references[i];
    if (!reference) return event;
    const isRepeated = reference.event.type === "roster" && lastRosters.get(reference.event.room) !== i;
    const packet = isRepeated ? "" : await textOf(context, session, restored, reference);
    return packet === "gap" ? packet : { ...event, packet };
  };
  const rendered = await Promise.all(missed.map(render));
  const whole = rendered.filter((event) => event !== "gap");
  return whole.length < rendered.length ? "gap" : { ...restored, missed: whole };
}

/** As the dialect renders it; made whole by the feature that sends such events. */
async function textOf(
  context: Context,
  session: SessionId,
  { record }: Restored,
  reference: Reference,
): Promise<string> {
  const feature = context.features.find(({ events }) => events.includes(reference.event.type));
  const event = await feature?.complete?.(context, session, record, reference);
  return event === "gap" ? event : ((event && context.render(event)?.text) ?? "");
}
