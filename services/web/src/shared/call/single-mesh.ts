import type { Ack } from "@switchyard/client-types";
import { deliver } from "../connection/deliver.ts";
import type { Kind, Media } from "../media/own-media.ts";
import { Mesh, type MeshOptions } from "./mesh.ts";
import type { CallView } from "./peer-call.ts";
import type { Signal } from "./signal.ts";

/** The mesh that there should be now. The media may change; the rest does not while the key is the same. */
export interface WantedMesh {
  /** Another key is another mesh, with no connection of the former. */
  key: string;
  ownId: string;
  media: Media;
  kinds: readonly Kind[];
  growing: boolean;
}

interface SingleMeshOptions {
  /** Asked anew for each mesh. */
  iceServers(): Promise<RTCIceServer[]>;
  /** Rejects when the connection was lost before the acknowledgement came. */
  emit(peerId: string, signal: Signal): Promise<Ack>;
  onChange(peerId: string, view: CallView | null): void;
  openCall?: MeshOptions["openCall"] | undefined;
}

/** Keeps exactly the one mesh open that is wanted. */
export class SingleMesh {
  readonly #options: SingleMeshOptions;
  #key: string | null = null;
  #mesh: Mesh | null = null;

  constructor(options: SingleMeshOptions) {
    this.#options = options;
  }

  get current(): Mesh | null {
    return this.#mesh;
  }

  /** To be called after every change. */
  follow(wanted: WantedMesh | null): void {
    if ((wanted?.key ?? null) === this.#key) {
      if (wanted) for (const kind of wanted.kinds) this.#mesh?.replace(kind, wanted.media[kind]);
      return;
    }
    const former = this.#mesh;
    this.#key = wanted?.key ?? null;
    this.#mesh = wanted && this.#open(wanted);
    former?.close();
  }

  #open({ ownId, media, kinds, growing }: WantedMesh): Mesh {
    const { iceServers, emit, onChange, openCall } = this.#options;
    const mesh: Mesh = new Mesh({
      ownId,
      media,
      kinds,
      growing,
      iceServers: iceServers(),
      send: async (peerId, signal, stillWanted) =>
        (await deliver(() => emit(peerId, signal), stillWanted))?.ok !== false,
      onChange: (peerId, view) => mesh === this.#mesh && onChange(peerId, view),
      ...(openCall ? { openCall } : {}),
    });
    return mesh;
  }
}
