import {
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  RowBuilder,
  VariableRefresh,
  VariableSort,
} from "@grafana/grafana-foundation-sdk/dashboard";
import type { Board } from "./board.ts";
import { grafanaPanel, source } from "./grafana-panel.ts";

const TAG = "switchyard";

/** A board as the JSON that Grafana reads. The same board is the same text. */
export function dashboardJson(board: Board): string {
  const builder = new DashboardBuilder(board.title).uid(board.uid).description(board.description).tags([TAG]);
  builder.refresh("15s").time({ from: "now-1h", to: "now" }).timezone("browser").tooltip(DashboardCursorSync.Crosshair);
  builder.withVariable(new DatasourceVariableBuilder("datasource").label("Prometheus").type("prometheus"));
  if (board.byNode) builder.withVariable(nodeVariable());
  const others = new DashboardLinkBuilder("Switchyard").type(DashboardLinkType.Dashboards).tags([TAG]);
  builder.link(others.keepTime(true).asDropdown(false).includeVars(false));
  for (const { title, panels } of board.rows) {
    builder.withRow(new RowBuilder(title));
    for (const panel of panels) builder.withPanel(grafanaPanel(panel));
  }
  const dashboard = builder.readonly().build();
  const panels = (dashboard.panels ?? []).map((panel, i) => ({ ...panel, id: i + 1 }));
  const links = (dashboard.links ?? []).map(({ placement, ...link }) => link); // in sight, not in a menu
  return `${JSON.stringify({ ...dashboard, links, panels }, null, 2)}\n`;
}

function nodeVariable(): QueryVariableBuilder {
  return new QueryVariableBuilder("node")
    .label("Node")
    .datasource(source)
    .query('label_values(switchyard_build_info{service="signaling"}, node)')
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.NaturalAsc)
    .multi(true)
    .includeAll(true)
    .allValue(".*")
    .current({ selected: true, text: ["All"], value: ["$__all"] });
}
