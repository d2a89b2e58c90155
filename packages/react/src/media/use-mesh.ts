import {
  type CreateMeshOptions,
  createMesh,
  type Mesh,
  type MeshState,
  type SignalingConnection,
} from "@switchyard/client/call";
import { useEffect, useState, useSyncExternalStore } from "react";
import type { Group } from "../session/group.ts";

export interface UsedMesh extends MeshState {
  /** null: there is none now. */
  readonly mesh: Mesh | null;
}

const never = () => () => {};
const nobody: MeshState = { calls: {} };

/** A call with each other participant of a group, while there is one: `useMesh(useMeeting(…).group, { local })`. */
export function useMesh(
  group: Group<SignalingConnection> | null,
  options: Omit<CreateMeshOptions, "ownId" | "room"> = {},
): UsedMesh {
  const [mesh, setMesh] = useState<Mesh | null>(null);
  const { local } = options;
  useEffect(() => {
    if (!group) return;
    const opened = createMesh(group.connection, { ...options, ownId: group.ownId, room: group.room });
    const end = group.follow(opened);
    setMesh(opened);
    return () => {
      end();
      opened.close();
      setMesh(null);
    };
  }, [group, local]);
  const state = useSyncExternalStore(
    mesh?.state.subscribe ?? never,
    () => mesh?.state.get() ?? nobody,
    () => nobody,
  );
  return { ...state, mesh };
}
