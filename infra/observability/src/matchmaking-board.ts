import { type Board, figure, lines, quantiles, rates, stacked } from "./board.ts";

const cpu = 'rate(process_cpu_seconds_total{service="matchmaker"}[$__rate_interval])';
const paired = 'switchyard_pairings_total{outcome="paired"}';

/** Queues, pairings, and the sweep after dead nodes. */
export const matchmakingBoard: Board = {
  uid: "switchyard-matchmaking",
  title: "Switchyard: matchmaking",
  description: "The number of waiting sessions, their waiting times, and whether pairings become rooms.",
  byNode: false,
  rows: [
    {
      title: "Now",
      panels: [
        figure("Waiting", "short", "max by (queue) (switchyard_queue_length)", { legend: "{{queue}}" }),
        figure("The first in line has waited", "s", "max by (queue) (switchyard_queue_longest_wait_seconds)", {
          legend: "{{queue}}",
          description: "A session that waits alone waits long; that is no fault.",
        }),
        figure("Pairs a minute", "short", `sum by (queue) (rate(${paired}[5m])) * 60`, { legend: "{{queue}}" }),
        figure("Pairings not carried out", "short", "max by (queue) (switchyard_assignments_open)", {
          legend: "{{queue}}",
          bounds: { bad: "above", warn: 50, alarm: 500 },
        }),
        figure("Matchmakers that pair it", "short", "sum by (queue) (switchyard_queue_led)", {
          legend: "{{queue}}",
          bounds: { bad: "below", warn: 1, alarm: 1 },
        }),
        figure("Pairings refused", "percentunit", refusedShare(), {
          legend: "{{queue}}",
          description:
            "One of the two was gone, or was paired elsewhere. The pairing is tried again; no session is paired twice.",
          bounds: { bad: "above", warn: 0.2, alarm: 0.5 },
        }),
      ],
    },
    {
      title: "Queues",
      panels: [
        stacked("Waiting", "short", { "{{queue}}": "max by (queue) (switchyard_queue_length)" }),
        lines("The first in line has waited", "s", {
          "{{queue}}": "max by (queue) (switchyard_queue_longest_wait_seconds)",
        }),
        lines("Waiting time of paired sessions", "s", quantiles("switchyard_wait_seconds", "queue")),
        lines("Leading matchmaker", "short", { "{{queue}}: {{node}}": "switchyard_queue_led" }),
      ],
    },
    {
      title: "Pairings",
      panels: [
        lines("Pairings tried", "ops", {
          "{{queue}} {{outcome}}": "sum by (queue, outcome) (rate(switchyard_pairings_total[$__rate_interval]))",
        }),
        lines("Assignments", "ops", {
          "{{queue}} {{outcome}}": "sum by (queue, outcome) (rate(switchyard_assignments_total[$__rate_interval]))",
        }),
        lines("Time to make a pairing final", "s", quantiles("switchyard_pairing_seconds", "queue")),
        lines("Time to carry out an assignment", "s", quantiles("switchyard_settle_seconds", "queue")),
        lines("Pairings not carried out", "short", { "{{queue}}": "max by (queue) (switchyard_assignments_open)" }),
      ],
    },
    {
      title: "After dead nodes",
      panels: [
        lines("Nodes", "short", { "{{state}}": "max by (state) (switchyard_nodes)" }),
        lines("Sessions", "short", { "{{state}}": "max by (state) (switchyard_sessions)" }),
        lines("Sweeps", "ops", rates("switchyard_sweeps_total", "outcome"), "One a second, all matchmakers together."),
        lines("Cleared up", "short", {
          sessions: "sum(increase(switchyard_swept_sessions_total[$__rate_interval]))",
          nodes: "sum(increase(switchyard_swept_nodes_total[$__rate_interval]))",
          "stale entries": "sum(increase(switchyard_swept_entries_total[$__rate_interval]))",
        }),
      ],
    },
    {
      title: "Matchmakers",
      panels: [
        lines("CPU", "percentunit", { "{{node}}": cpu }, "Of one core."),
        lines("Lag of the event loop", "s", {
          "{{node}}": 'nodejs_eventloop_lag_p99_seconds{service="matchmaker"}',
        }),
        lines("Memory", "bytes", { "{{node}}": 'process_resident_memory_bytes{service="matchmaker"}' }),
      ],
    },
  ],
};

function refusedShare(): string {
  const refused = 'sum by (queue) (rate(switchyard_pairings_total{outcome="refused"}[5m]))';
  return `${refused} / (sum by (queue) (rate(switchyard_pairings_total[5m])) > 0)`;
}
