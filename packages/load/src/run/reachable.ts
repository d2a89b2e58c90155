import { Transport, type TransportUser } from "../wire/transport.ts";

const ANSWERED_WITHIN_MS = 10_000;

/** Why a server can't be used, or nothing if it answers a handshake of Engine.IO. */
function faultOf(target: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const settle = (fault: string | undefined) => {
      clearTimeout(impatience);
      transport.release();
      transport.close();
      resolve(fault);
    };
    const probe: TransportUser = {
      opened: () => settle(undefined),
      closed: (_, detail) => settle(detail),
      pinged: () => {},
      message: () => {},
    };
    const transport = new Transport(target, probe);
    const impatience = setTimeout(() => settle(`no answer within ${ANSWERED_WITHIN_MS} ms`), ANSWERED_WITHIN_MS);
  });
}

/** Of each target that can't be used, a sentence. */
export async function faultsOf(targets: readonly string[]): Promise<string[]> {
  const faults = await Promise.all(targets.map(faultOf));
  return faults.flatMap((fault, index) => (fault === undefined ? [] : [`${targets[index]} can't be used: ${fault}`]));
}
