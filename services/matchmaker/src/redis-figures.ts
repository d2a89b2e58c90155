import type { RedisInfo, Sample } from "@switchyard/runtime";

/** A figure of Redis's own: how its metric is called, and where it stands in `INFO`. */
export interface RedisFigure {
  readonly type: "gauge" | "counter";
  /** After `switchyard_redis_`. */
  readonly name: string;
  readonly help: string;
  readonly labels?: readonly string[];
  readonly read: (info: RedisInfo) => Iterable<Sample>;
}

const one = (value: number | boolean | undefined): Sample[] => (value === undefined ? [] : [{ value: Number(value) }]);

function field(type: RedisFigure["type"], name: string, of: string, help: string, factor = 1): RedisFigure {
  const scaled = (value: number | undefined) => (value === undefined ? undefined : value * factor);
  return { type, name, help, read: (info) => one(scaled(info.number(of))) };
}

const isOk = (name: string, of: string, help: string): RedisFigure => ({
  type: "gauge",
  name,
  help,
  read: (info) => one(info.is(of, "ok")),
});

function sum(info: RedisInfo, ...fields: readonly string[]): number {
  return fields.reduce((total, name) => total + (info.number(name) ?? 0), 0);
}

function perCommand(info: RedisInfo, key: string, factor: number): Sample[] {
  return [...info.entries("cmdstat_")].map(([command, of]) => ({ labels: { command }, value: of(key) * factor }));
}

const MICROSECONDS = 1e-6;

/** All figures of Redis itself. */
export const redisFigures: readonly RedisFigure[] = [
  {
    type: "gauge",
    name: "info",
    help: "Always 1; its labels say what Redis is",
    labels: ["version", "role"],
    read: (info) => [
      {
        labels: {
          version: info.text("valkey_version") ?? info.text("redis_version") ?? "unknown",
          role: info.text("role") ?? "unknown",
        },
        value: 1,
      },
    ],
  },
  field("gauge", "uptime_seconds", "uptime_in_seconds", "Time since Redis started"),
  field("gauge", "memory_used_bytes", "used_memory", "Memory that Redis has allocated"),
  field("gauge", "memory_max_bytes", "maxmemory", "Memory that Redis may allocate; 0: no bound"),
  field("gauge", "memory_rss_bytes", "used_memory_rss", "Memory that the system has given to Redis"),
  field("gauge", "clients", "connected_clients", "Connections to Redis"),
  field("gauge", "clients_max", "maxclients", "Connections that Redis allows"),
  field("gauge", "clients_blocked", "blocked_clients", "Connections that wait for something in Redis"),
  field("counter", "clients_refused_total", "rejected_connections", "Connections refused because there were too many"),
  field("counter", "commands_processed_total", "total_commands_processed", "Commands that Redis has carried out"),
  {
    type: "counter",
    name: "commands_total",
    help: "Commands, those in scripts too",
    labels: ["command"],
    read: (info) => perCommand(info, "calls", 1),
  },
  {
    type: "counter",
    name: "command_seconds_total",
    help: "CPU time by command",
    labels: ["command"],
    read: (info) => perCommand(info, "usec", MICROSECONDS),
  },
  {
    type: "counter",
    name: "errors_total",
    help: "Errors that Redis answered with",
    labels: ["error"],
    read: (info) => [...info.entries("errorstat_")].map(([error, of]) => ({ labels: { error }, value: of("count") })),
  },
  {
    type: "counter",
    name: "cpu_seconds_total",
    help: "CPU time of Redis; its one main thread can use 1 a second",
    read: (info) => one(sum(info, "used_cpu_sys", "used_cpu_user")),
  },
  field("counter", "received_bytes_total", "total_net_input_bytes", "Bytes sent to Redis"),
  field("counter", "sent_bytes_total", "total_net_output_bytes", "Bytes sent by Redis"),
  {
    type: "gauge",
    name: "keys",
    help: "Keys in Redis",
    read: (info) => one([...info.entries("db")].reduce((total, [, of]) => total + of("keys"), 0)),
  },
  field("counter", "evicted_keys_total", "evicted_keys", "Keys evicted for lack of memory: their state is lost"),
  field("counter", "expired_keys_total", "expired_keys", "Keys whose lifetime has ended"),
  field("gauge", "loading", "loading", "1 while Redis loads its data"),
  field("gauge", "aof_enabled", "aof_enabled", "1 if writes are kept on disk"),
  isOk("aof_write_ok", "aof_last_write_status", "1 if the last write to the append-only file succeeded"),
  isOk("aof_rewrite_ok", "aof_last_bgrewrite_status", "1 if the last rewrite of the append-only file succeeded"),
  field("gauge", "aof_bytes", "aof_current_size", "Size of the append-only file"),
  field("counter", "aof_delayed_total", "aof_delayed_fsync", "Writes that had to wait for the disk"),
  isOk("rdb_save_ok", "rdb_last_bgsave_status", "1 if the last snapshot succeeded"),
  field("gauge", "fork_seconds", "latest_fork_usec", "Time that Redis paused for the last rewrite", MICROSECONDS),
  field("gauge", "replicas", "connected_slaves", "Replicas that are connected"),
  {
    type: "gauge",
    name: "replica_lag_bytes",
    help: "Bytes that the slowest replica lacks",
    read: (info) => one(replicaLag(info)),
  },
];

function replicaLag(info: RedisInfo): number | undefined {
  const offset = info.number("master_repl_offset");
  const count = info.number("connected_slaves") ?? 0;
  if (offset === undefined || count === 0) return undefined;
  const lags = [...info.entries("slave")].filter(([name]) => /^\d+$/.test(name)).map(([, of]) => offset - of("offset"));
  return lags.length === 0 ? undefined : Math.max(0, ...lags);
}
