/** How a node answers a handshake by polling. */
export interface Handshake {
  readonly status: number;
  readonly body: string;
  /** Closes the connection that has come of it, if one has. */
  close(): Promise<void>;
}

/** A client's own address, as a proxy on this machine passes it on. */
export const from = (address: string) => ({ "x-forwarded-for": address });

export async function byPolling({ url }: { readonly url: string }, address: string): Promise<Handshake> {
  const headers = from(address);
  const at = `${url}/socket.io/?EIO=4&transport=polling`;
  const response = await fetch(at, { headers });
  const body = await response.text();
  const [, sid] = /"sid":"([^"]+)"/.exec(body) ?? [];
  const close = async () => {
    if (sid !== undefined) await fetch(`${at}&sid=${sid}`, { method: "POST", headers, body: "1" });
  };
  return { status: response.status, body, close };
}
