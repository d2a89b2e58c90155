import type { NodeId } from "@switchyard/protocol";
import type { Context } from "./context.ts";
import type { Participant } from "./participant.ts";

/** Which node holds the participant, and which its partner (`null`: it has none, or the partner is between two connections). */
export async function whereabouts(
  { store }: Context,
  participant: Participant,
): Promise<{ node: NodeId | null; partnerNode: NodeId | null }> {
  const [own, partner] = await Promise.all([nodeOf(store, participant.session), partnerOf(store, participant)]);
  return { node: own, partnerNode: partner };
}

async function partnerOf(store: Context["store"], participant: Participant): Promise<NodeId | null> {
  const [room] = participant.rooms;
  return room === undefined ? null : nodeOf(store, participant.pairIn(room).peer);
}

async function nodeOf(store: Context["store"], session: string): Promise<NodeId | null> {
  const record = await store.sessions.read(session);
  return record?.state === "live" ? record.node : null;
}
