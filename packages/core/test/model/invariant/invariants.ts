import type { World } from "../world.ts";
import { takeSnapshot } from "./snapshot.ts";

/** What must hold after every single step, whatever has crashed. Returns what does not. */
export async function brokenNow(world: World): Promise<string[]> {
  const broken = [...world.faults, ...world.pages.flatMap(({ faults }) => faults)];
  const { sessions, indexes } = await takeSnapshot(world);
  for (const { id, fields, seats, reserved } of sessions) {
    if (seats.length + reserved.length > 1) broken.push(`${id} is in ${[...seats, ...reserved].join(" and ")}`);
    if (fields["ticket"] !== undefined && seats.length + reserved.length > 0)
      broken.push(`${id} waits with ${fields["ticket"]} and is in ${[...seats, ...reserved].join()}`);
    if (!indexes.get(fields["node"] ?? "")?.includes(id))
      broken.push(`${id} is at ${fields["node"]}, whose index does not name it`);
  }
  return [...broken, ...world.claims.broken];
}
