import { type Board, figure, lines, list, quantiles, rates, stacked } from "./board.ts";

const own = '{node=~"$node"}';
const total = (metric: string, matchers = own) => `sum(rate(${metric}${matchers}[$__rate_interval]))`;

/** Nodes, connections, messages and recovery. */
export const clusterBoard: Board = {
  uid: "switchyard-cluster",
  title: "Switchyard: cluster",
  description: "Whether clients are connected, messages arrive, and dropped sessions are resumed.",
  byNode: true,
  rows: [
    {
      title: "Now",
      panels: [
        figure("Nodes ready", "short", 'sum(switchyard_ready{service="signaling"})', {
          bounds: { bad: "below", warn: 2, alarm: 1 },
        }),
        figure("Nodes that are dead", "short", 'max(switchyard_nodes{state="dead"})', {
          description: "Nodes whose lease has ended and that are not yet cleared up after.",
          bounds: { bad: "above", warn: 1, alarm: 2 },
        }),
        figure("Matchmakers", "short", 'count(switchyard_build_info{service="matchmaker"})', {
          bounds: { bad: "below", warn: 1, alarm: 1 },
        }),
        figure("Connected", "short", "sum(switchyard_connections)"),
        figure("Within their grace", "short", 'max(switchyard_sessions{state="detached"})', {
          description: "Sessions without a connection, which can still be resumed.",
        }),
        figure("Alerts", "short", 'count(ALERTS{alertname=~"Switchyard.*",alertstate="firing"}) or vector(0)', {
          bounds: { bad: "above", warn: 1, alarm: 1 },
        }),
        list(
          "Alerts that fire",
          'ALERTS{alertname=~"Switchyard.*",alertstate="firing"}',
          ["alertname", "severity", "node", "queue", "limit"],
          "Meaning of each, and what to do: docs/operations.md.",
        ),
        list("Processes and versions", "switchyard_build_info", ["service", "node", "version", "nodejs", "instance"]),
      ],
    },
    {
      title: "Connections and rooms",
      panels: [
        stacked("Connections by node", "short", { "{{node}}": `sum by (node) (switchyard_connections${own})` }),
        stacked("Participants by dialect", "short", { "{{dialect}}": "max by (dialect) (switchyard_participants)" }),
        lines("Sessions that begin and end", "ops", {
          begin: total("switchyard_sessions_opened_total"),
          "end: {{reason}}": `sum by (reason) (rate(switchyard_sessions_ended_total${own}[$__rate_interval]))`,
        }),
        stacked("Rooms by dialect", "short", { "{{dialect}}": "max by (dialect) (switchyard_rooms)" }),
      ],
    },
    {
      title: "Messages",
      panels: [
        lines("Events from clients", "ops", rates("switchyard_events_in_total", "dialect", own)),
        lines("Events to participants", "ops", rates("switchyard_events_out_total", "dialect", own)),
        lines(
          "Time until an event's effect is safe",
          "s",
          quantiles("switchyard_event_seconds", "dialect", own),
          "From its arrival to the acknowledgement. Mostly Redis's time; else the event loop's.",
        ),
        lines(
          "Time from the sender's node to the receiver's connection",
          "s",
          quantiles("switchyard_delivery_seconds", "from", own),
          "Between two nodes, their clocks may differ: by at most the value of the last panel.",
        ),
        lines("Greatest error of the clocks", "s", { "{{node}}": `switchyard_clock_error_seconds${own}` }),
        lines(
          "Refused events",
          "ops",
          rates("switchyard_refusals_total", "code", own),
          "server_error is a fault of the cluster; the others are mistakes of clients, or events sent too fast.",
        ),
        lines(
          "Attempts to reach a session",
          "ops",
          rates("switchyard_deliveries_total", "outcome", own),
          "absent: the session had left the room or ended.",
        ),
        lines("Limits hit", "ops", rates("switchyard_limits_hit_total", "limit", own)),
        lines(
          "Reports of users an hour",
          "short",
          { "{{dialect}}: {{category}}": `sum by (dialect, category) (increase(switchyard_reports_total${own}[1h]))` },
          "Users that others reported to the operators (sy reports).",
        ),
      ],
    },
    {
      title: "Cut off, and back",
      panels: [
        lines(
          "Attempts of clients to resume a session",
          "ops",
          rates("switchyard_resumes_total", "outcome", own),
          "After all outcomes but resumed, the client starts a new session or tries again. unknown: it came too late. gap: it missed more events than are kept.",
        ),
        lines("Events missed by resumed sessions", "short", {
          p50: `histogram_quantile(0.5, sum by (le) (rate(switchyard_missed_events_bucket${own}[$__rate_interval])))`,
          p99: `histogram_quantile(0.99, sum by (le) (rate(switchyard_missed_events_bucket${own}[$__rate_interval])))`,
        }),
        lines(
          "Delivered late",
          "ops",
          {
            "entries of feeds": total("switchyard_feed_late_total"),
            "gaps of sessions": total("switchyard_gaps_total"),
          },
          "Events fetched from Redis because they did not arrive by pub/sub. Nothing is lost, but delivery takes longer.",
        ),
        lines("Refused connections and requests", "ops", {
          "connection: {{code}}": `sum by (code) (rate(switchyard_connections_refused_total${own}[$__rate_interval]))`,
          "{{reason}}": `sum by (reason) (rate(switchyard_transport_refusals_total${own}[$__rate_interval]))`,
        }),
        lines("Connections closed because the client did not read", "ops", {
          "{{node}}": `sum by (node) (rate(switchyard_send_overflows_total${own}[$__rate_interval]))`,
        }),
        lines("Leases that had run out", "short", {
          "{{node}}": `sum by (node) (increase(switchyard_lease_lapses_total${own}[$__rate_interval]))`,
        }),
      ],
    },
    {
      title: "Nodes",
      panels: [
        lines(
          "CPU",
          "percentunit",
          { "{{node}}": `rate(process_cpu_seconds_total${own}[$__rate_interval])` },
          "Of one core.",
        ),
        lines("Lag of the event loop", "s", { "{{node}}": `nodejs_eventloop_lag_p99_seconds${own}` }),
        lines("Memory", "bytes", { "{{node}}": `process_resident_memory_bytes${own}` }),
        lines("Garbage collection", "percentunit", {
          "{{node}}": `sum by (node) (rate(nodejs_gc_duration_seconds_sum${own}[$__rate_interval]))`,
        }),
        lines("Open files", "percentunit", { "{{node}}": `process_open_fds${own} / process_max_fds${own}` }),
        lines("Ready, draining", "short", {
          "{{node}} ready": `switchyard_ready${own}`,
          "{{node}} draining": `switchyard_draining${own}`,
        }),
      ],
    },
  ],
};
