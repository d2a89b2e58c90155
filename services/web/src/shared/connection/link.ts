/** The connection to the cluster, as the person sees it. */
export interface Link {
  state: "connecting" | "connected" | "reconnecting";
  /** Engine.IO's transport, null while there is none. */
  transport: string | null;
  socketId: string | null;
  reconnects: number;
  /** Of the last reconnect; null before the first one. */
  recovered: boolean | null;
  sameSocketId: boolean | null;
  node: string | null;
  partnerNode: string | null;
}

export type LinkEvent =
  | { type: "connected"; socketId: string; recovered: boolean; transport: string | null }
  | { type: "dropped" }
  | { type: "transport"; name: string }
  | { type: "located"; node: string | null; partnerNode: string | null };

export const noLink: Link = {
  state: "connecting",
  transport: null,
  socketId: null,
  reconnects: 0,
  recovered: null,
  sameSocketId: null,
  node: null,
  partnerNode: null,
};

export function reduceLink(link: Link, event: LinkEvent): Link {
  switch (event.type) {
    case "connected":
      return { ...link, ...connected(link, event) };
    case "dropped":
      return { ...link, state: link.socketId === null ? "connecting" : "reconnecting", transport: null };
    case "transport":
      return { ...link, transport: event.name };
    case "located":
      return { ...link, node: event.node, partnerNode: event.partnerNode };
  }
}

function connected(link: Link, event: Extract<LinkEvent, { type: "connected" }>): Partial<Link> {
  const now = { state: "connected", transport: event.transport, socketId: event.socketId } as const;
  if (link.socketId === null) return now;
  const { recovered, socketId } = event;
  return { ...now, reconnects: link.reconnects + 1, recovered, sameSocketId: socketId === link.socketId };
}
