import {
  type CreateMeshOptions,
  createMesh,
  type LocalMedia,
  type Mesh,
  type MeshState,
  type SignalingConnection,
} from "@switchyard/client/call";

/** The mesh that there should be now. */
export interface WantedMesh extends Omit<CreateMeshOptions, "local"> {
  /** Another key is another mesh, with no connection of the former. */
  key: string;
}

export type OpenMesh = (connection: SignalingConnection, options: CreateMeshOptions) => Mesh;

interface MeshKeeperParts {
  connection(): SignalingConnection;
  local: LocalMedia;
  onChange(calls: MeshState["calls"]): void;
  openMesh?: OpenMesh | undefined;
}

/** Keeps exactly the one mesh open that is wanted. */
export class MeshKeeper {
  readonly #parts: MeshKeeperParts;
  #key: string | null = null;
  #mesh: Mesh | null = null;

  constructor(parts: MeshKeeperParts) {
    this.#parts = parts;
  }

  get current(): Mesh | null {
    return this.#mesh;
  }

  /** To be called after every change. */
  follow(wanted: WantedMesh | null): void {
    if ((wanted?.key ?? null) === this.#key) return;
    const former = this.#mesh;
    this.#key = wanted?.key ?? null;
    this.#mesh = wanted && this.#open(wanted);
    former?.close();
  }

  #open({ key: _, ...options }: WantedMesh): Mesh {
    const { connection, local, onChange, openMesh = createMesh } = this.#parts;
    const mesh = openMesh(connection(), { ...options, local });
    mesh.state.subscribe(() => mesh === this.#mesh && onChange(mesh.state.get().calls));
    return mesh;
  }
}
