import { type Board, figure, lines, list, quantiles, rates, stacked } from "./board.ts";

const own = '{node=~"$node"}';
const total = (metric: string, matchers = own) => `sum(rate(${metric}${matchers}[$__rate_interval]))`;

/** Nodes, connections, messages, and who comes back. */
export const clusterBoard: Board = {
  uid: "switchyard-cluster",
  title: "Switchyard: cluster",
  description: "Is everybody connected, do messages arrive, do those come back who were cut off.",
  byNode: true,
  rows: [
    {
      title: "Now",
      panels: [
        figure("Nodes ready", "short", 'sum(switchyard_ready{service="signaling"})', {
          bounds: { bad: "below", warn: 2, alarm: 1 },
        }),
        figure("Nodes that are dead", "short", 'max(switchyard_nodes{state="dead"})', {
          description: "Their lease has run out and they are not cleared up after yet.",
          bounds: { bad: "above", warn: 1, alarm: 2 },
        }),
        figure("Matchmakers", "short", 'count(switchyard_build_info{service="matchmaker"})', {
          bounds: { bad: "below", warn: 1, alarm: 1 },
        }),
        figure("Connected", "short", "sum(switchyard_connections)"),
        figure("Within their grace", "short", 'max(switchyard_sessions{state="detached"})', {
          description: "Sessions without a connection, whose clients may still come back.",
        }),
        figure("Alerts", "short", 'count(ALERTS{alertname=~"Switchyard.*",alertstate="firing"}) or vector(0)', {
          bounds: { bad: "above", warn: 1, alarm: 1 },
        }),
        list(
          "Alerts that fire",
          'ALERTS{alertname=~"Switchyard.*",alertstate="firing"}',
          ["alertname", "severity", "node", "queue", "limit"],
          "What each means and what to do: docs/operations.md.",
        ),
        list("What runs", "switchyard_build_info", ["service", "node", "version", "nodejs", "instance"]),
      ],
    },
    {
      title: "Who is there",
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
          "From another node, the clocks of the two may differ: by no more than the last panel says.",
        ),
        lines("What clocks may be off by", "s", { "{{node}}": `switchyard_clock_error_seconds${own}` }),
        lines(
          "Refused events",
          "ops",
          rates("switchyard_refusals_total", "code", own),
          "server_error is ours; the others are what clients did wrong, or too fast.",
        ),
        lines(
          "Attempts to reach a session",
          "ops",
          rates("switchyard_deliveries_total", "outcome", own),
          "absent: the session had left the room or ended.",
        ),
        lines("Limits hit", "ops", rates("switchyard_limits_hit_total", "limit", own)),
      ],
    },
    {
      title: "Cut off, and back",
      panels: [
        lines(
          "Sessions that clients wanted back",
          "ops",
          rates("switchyard_resumes_total", "outcome", own),
          "All but resumed start anew, or try again. unknown: too late. gap: they missed more than is kept.",
        ),
        lines("Events missed by who came back", "short", {
          p50: `histogram_quantile(0.5, sum by (le) (rate(switchyard_missed_events_bucket${own}[$__rate_interval])))`,
          p99: `histogram_quantile(0.99, sum by (le) (rate(switchyard_missed_events_bucket${own}[$__rate_interval])))`,
        }),
        lines(
          "Told late",
          "ops",
          {
            "entries of feeds": total("switchyard_feed_late_total"),
            "gaps of sessions": total("switchyard_gaps_total"),
          },
          "Fetched from Redis, since they did not come by themselves. Nothing is lost; it takes longer.",
        ),
        lines("Turned away", "ops", {
          "token: {{code}}": `sum by (code) (rate(switchyard_connections_refused_total${own}[$__rate_interval]))`,
          "{{reason}}": `sum by (reason) (rate(switchyard_transport_refusals_total${own}[$__rate_interval]))`,
        }),
        lines("Connections closed since the client did not read", "ops", {
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
