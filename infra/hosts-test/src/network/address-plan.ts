/** The hosts of the lab, by what they do. */
const roles = {
  proxy: 2,
  signaling: 3,
  matchmaker: 2,
  redis: 3,
  clients: 2,
} as const;

export type Role = keyof typeof roles;
export type HostName = `${Role}${number}`;

/** A host's place: it has a network of its own, in which only the router is besides it. */
export interface Place {
  readonly name: HostName;
  readonly role: Role;
  readonly address: string;
  /** The router's address towards it, and the name of that interface. */
  readonly gateway: string;
  readonly port: string;
  /** Both ends of the slow cable that can be laid beside it. */
  readonly slow: { readonly address: string; readonly gateway: string; readonly id: number };
}

export const PREFIX_LENGTH = 24;
/** All hosts are in there. */
export const RANGE = "10.77.0.0/16";
/** Linux's limit for the name of an interface. */
const LONGEST_NAME = 15;

/** Nothing leads out of these networks, so their addresses may be anybody's elsewhere. */
export function planAddresses(): readonly Place[] {
  const names = Object.entries(roles).flatMap(([role, count]) =>
    Array.from({ length: count }, (_, index) => [role as Role, index + 1] as const),
  );
  return names.map(([role, number], index) => {
    const name: HostName = `${role}${number}`;
    const net = index + 1;
    const port = `to-${name}`;
    if (port.length > LONGEST_NAME) throw new RangeError(`${port} is too long for the name of an interface`);
    return {
      name,
      role,
      address: `10.77.${net}.2`,
      gateway: `10.77.${net}.1`,
      port,
      slow: { address: `10.78.${net}.2`, gateway: `10.78.${net}.1`, id: net },
    };
  });
}
