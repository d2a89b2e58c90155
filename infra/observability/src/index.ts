import { clusterBoard } from "./cluster-board.ts";
import { dashboardJson } from "./grafana-dashboard.ts";
import { matchmakingBoard } from "./matchmaking-board.ts";
import { redisBoard } from "./redis-board.ts";

/** The dashboards that Grafana finds in `infra/observability/grafana/dashboards`. */
export const dashboards: readonly { readonly name: string; readonly render: () => string }[] = [
  { name: "cluster", render: () => dashboardJson(clusterBoard) },
  { name: "matchmaking", render: () => dashboardJson(matchmakingBoard) },
  { name: "redis", render: () => dashboardJson(redisBoard) },
];
