import { answers, mastersOf, Readings, RedisInfo } from "@switchyard/runtime";
import type { Redis } from "ioredis";
import type { Registry } from "prom-client";
import { redisFigures } from "./redis-figures.ts";

interface RedisState {
  readonly answers: boolean;
  /** The INFO of each server that has keys, by its name. */
  readonly servers: readonly (readonly [name: string, info: RedisInfo])[];
}

/** Exports Redis's own figures, so that no other exporter is needed: one `INFO` of each server when the metrics are read. */
export function watchRedis(registry: Registry, redis: Redis): void {
  const readings = new Readings(registry, () => readRedisState(redis));
  const isWell = (state: RedisState | undefined) => [{ value: state?.answers ? 1 : 0 }];
  const own = (name: string, help: string) => ({ name: `switchyard_${name}`, help, labels: [] });
  readings.gauge(own("ready", "1 if the matchmaker is ready, as in /readyz"), isWell);
  readings.gauge(own("redis_up", "1 if all of Redis answers this process"), isWell);
  for (const { type, name, help, labels = [], read } of redisFigures) {
    const description = { name: `switchyard_redis_${name}`, help, labels: [...labels, "server"] };
    readings[type](description, (state) =>
      (state?.servers ?? []).flatMap(([server, info]) =>
        [...read(info)].map(({ value, labels: more }) => ({ value, labels: { ...more, server } })),
      ),
    );
  }
}

async function readRedisState(redis: Redis): Promise<RedisState> {
  const all = mastersOf(redis).map(async (server) => {
    const info = await server.info("default", "commandstats");
    return [nameOf(server), new RedisInfo(String(info))] as const;
  });
  const [isWell, infos] = await Promise.all([answers(redis), Promise.allSettled(all)]);
  return { answers: isWell, servers: infos.flatMap((one) => (one.status === "fulfilled" ? [one.value] : [])) };
}

/** As it is known here, whichever of those that replicate each other it is now. */
function nameOf({ options: { sentinels, name, host, port } }: Redis): string {
  return sentinels && name ? name : `${host}:${port}`;
}
