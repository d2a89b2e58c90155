import { type Board, figure, lines, list, rates } from "./board.ts";

/** Every matchmaker returns the same figures of a server. */
const rate = (name: string) => `max by (server) (rate(switchyard_redis_${name}[$__rate_interval]))`;
const now = (name: string) => `max by (server) (switchyard_redis_${name})`;
const perCommand = (name: string) =>
  `topk(12, sum by (command) (max by (server, command) (rate(switchyard_redis_${name}[$__rate_interval]))))`;
const worst = (name: string) => `min by (server) (switchyard_redis_${name})`;
const each = "{{server}}";

/** Redis by its own figures, and as the processes see it. */
export const redisBoard: Board = {
  uid: "switchyard-redis",
  title: "Switchyard: Redis",
  description: "Memory, disk, load and speed. `sy keys` shows which keys take the memory.",
  byNode: false,
  rows: [
    {
      title: "Now",
      panels: [
        figure("Answers", "short", "max(switchyard_redis_up)", { bounds: { bad: "below", warn: 1, alarm: 1 } }),
        figure("Memory used", "percentunit", "switchyard:redis_memory_used:ratio", {
          legend: each,
          description: "Share of maxmemory. When it is full, writes are refused.",
          bounds: { bad: "above", warn: 0.8, alarm: 0.95 },
        }),
        figure("Over the watermark", "short", "max(switchyard_redis_memory_over_watermark)", {
          description: "1: nodes take nothing new, since Redis is almost full.",
          bounds: { bad: "above", warn: 1, alarm: 1 },
        }),
        figure("Of a core", "percentunit", "switchyard:redis_cpu:rate_2m", {
          legend: each,
          bounds: { bad: "above", warn: 0.7, alarm: 0.85 },
        }),
        figure("On disk", "short", `${worst("aof_enabled")} * ${worst("aof_write_ok")}`, {
          legend: each,
          description: "1: the append-only file is on, and the last write to it succeeded.",
          bounds: { bad: "below", warn: 1, alarm: 1 },
        }),
        figure("Connections", "short", now("clients"), { legend: each }),
        figure("Up since", "s", now("uptime_seconds"), { legend: each }),
        list("What runs", "switchyard_redis_info", ["server", "version", "role", "node"]),
      ],
    },
    {
      title: "Load",
      panels: [
        lines("Commands", "ops", { [each]: rate("commands_processed_total") }),
        lines("CPU", "percentunit", { [each]: rate("cpu_seconds_total") }, "Of one core, which is all it has."),
        lines("Commands by name", "ops", { "{{command}}": perCommand("commands_total") }, "Those in scripts, too."),
        lines("CPU by command", "percentunit", { "{{command}}": perCommand("command_seconds_total") }),
        lines("Network", "Bps", {
          [`${each} in`]: rate("received_bytes_total"),
          [`${each} out`]: rate("sent_bytes_total"),
        }),
        lines("Connections", "short", { [each]: now("clients"), [`${each} blocked`]: now("clients_blocked") }),
      ],
    },
    {
      title: "Seen from nodes and matchmakers",
      panels: [
        lines(
          "Time of scripts, p99",
          "s",
          {
            "{{service}} {{command}}":
              "histogram_quantile(0.99, sum by (le, service, command) (rate(switchyard_redis_seconds_bucket[$__rate_interval])))",
          },
          "Including the round trip. If Redis has CPU left, look at the event loops and the network.",
        ),
        lines("Scripts", "ops", rates("switchyard_redis_seconds_count", "command")),
        lines(
          "Scripts without an answer",
          "ops",
          rates("switchyard_redis_seconds_count", "command", '{outcome="failed"}'),
        ),
        lines("Errors", "ops", {
          "{{server}} {{error}}": "max by (server, error) (rate(switchyard_redis_errors_total[$__rate_interval]))",
        }),
      ],
    },
    {
      title: "Memory and disk",
      panels: [
        lines("Memory", "bytes", {
          [`${each} used`]: now("memory_used_bytes"),
          [`${each} of the system`]: now("memory_rss_bytes"),
          [`${each} allowed`]: `${now("memory_max_bytes")} > 0`,
        }),
        lines("Keys", "short", { [each]: now("keys") }, "If one kind grows without end: sy keys, sy doctor."),
        lines("Keys removed", "ops", {
          [`${each} expired`]: rate("expired_keys_total"),
          [`${each} evicted`]: rate("evicted_keys_total"),
        }),
        lines("Append-only file", "bytes", { [each]: now("aof_bytes") }),
        lines("Waits for the disk", "ops", { [each]: rate("aof_delayed_total") }),
        lines("Pause for the last rewrite", "s", { [each]: now("fork_seconds") }),
        lines("Success of writes to disk", "short", {
          [`${each} last write`]: worst("aof_write_ok"),
          [`${each} last rewrite`]: worst("aof_rewrite_ok"),
          [`${each} last snapshot`]: worst("rdb_save_ok"),
        }),
        lines("Replicas", "short", { [each]: now("replicas") }),
        lines("Lag of the last replica", "bytes", { [each]: now("replica_lag_bytes") }),
      ],
    },
  ],
};
