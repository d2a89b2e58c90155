import type { Builder } from "@grafana/grafana-foundation-sdk/cog";
import {
  BigValueColorMode,
  BigValueGraphMode,
  type DataSourceRef,
  LegendDisplayMode,
  LegendPlacement,
  ReduceDataOptionsBuilder,
  StackingConfigBuilder,
  StackingMode,
  TooltipDisplayMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from "@grafana/grafana-foundation-sdk/common";
import {
  type Panel as GrafanaPanel,
  ThresholdsConfigBuilder,
  ThresholdsMode,
} from "@grafana/grafana-foundation-sdk/dashboard";
import { DataqueryBuilder, PromQueryFormat } from "@grafana/grafana-foundation-sdk/prometheus";
import { PanelBuilder as StatBuilder } from "@grafana/grafana-foundation-sdk/stat";
import { PanelBuilder as TableBuilder } from "@grafana/grafana-foundation-sdk/table";
import { PanelBuilder as TimeSeriesBuilder } from "@grafana/grafana-foundation-sdk/timeseries";
import type { Bounds, Figure, Lines, List, Panel } from "./board.ts";

/** The Prometheus that is chosen above the dashboard. */
export const source: DataSourceRef = { type: "prometheus", uid: "$datasource" };

/** A panel as Grafana has it, without its place. */
export function grafanaPanel(panel: Panel): Builder<GrafanaPanel> {
  if (panel.kind === "figure") return stat(panel);
  return panel.kind === "lines" ? timeSeries(panel) : table(panel);
}

/** The letter by which Grafana tells a panel's queries apart. */
const refId = (index: number) => String.fromCharCode("A".charCodeAt(0) + index);

function query(expr: string, index = 0): DataqueryBuilder {
  return new DataqueryBuilder().datasource(source).refId(refId(index)).expr(expr);
}

function stat({ title, description = "", unit, expr, legend = "", bounds }: Figure): Builder<GrafanaPanel> {
  const builder = new StatBuilder().title(title).description(description).datasource(source);
  builder.unit(unit).noValue("–").graphMode(BigValueGraphMode.Area).span(4).height(4);
  builder.reduceOptions(new ReduceDataOptionsBuilder().calcs(["lastNotNull"]).fields("").values(false));
  builder.colorMode(bounds ? BigValueColorMode.Background : BigValueColorMode.None).thresholds(thresholds(bounds));
  return builder.withTarget(query(expr).legendFormat(legend));
}

function timeSeries({ title, description = "", unit, queries, stacked }: Lines): Builder<GrafanaPanel> {
  const builder = new TimeSeriesBuilder().title(title).description(description).datasource(source);
  builder
    .unit(unit)
    .min(0)
    .span(8)
    .height(8)
    .lineWidth(1)
    .fillOpacity(stacked ? 25 : 5);
  builder.stacking(new StackingConfigBuilder().group("A").mode(stacked ? StackingMode.Normal : StackingMode.None));
  builder.tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi));
  const legend = new VizLegendOptionsBuilder().showLegend(true).displayMode(LegendDisplayMode.List);
  builder.legend(legend.placement(LegendPlacement.Bottom));
  for (const [i, { expr, legend: name = "" }] of queries.entries())
    builder.withTarget(query(expr, i).legendFormat(name));
  return builder;
}

function table({ title, description = "", expr, columns }: List): Builder<GrafanaPanel> {
  const indexByName = Object.fromEntries(columns.map((column, i) => [column, i]));
  const builder = new TableBuilder().title(title).description(description).datasource(source).span(12).height(7);
  builder.withTarget(query(expr).format(PromQueryFormat.Table).instant());
  builder.withTransformation({ id: "filterFieldsByName", options: { include: { names: [...columns] } } });
  return builder.withTransformation({ id: "organize", options: { indexByName, excludeByName: {}, renameByName: {} } });
}

function thresholds(bounds: Bounds | undefined): ThresholdsConfigBuilder {
  const builder = new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute);
  if (!bounds) return builder.steps([{ value: null, color: "green" }]);
  const { bad, warn, alarm } = bounds;
  const steps =
    bad === "above"
      ? [step(null, "green"), step(warn, "orange"), step(alarm, "red")]
      : [step(null, "red"), step(alarm, "orange"), step(warn, "green")];
  return builder.steps(warn === alarm ? steps.filter(({ color }) => color !== "orange") : steps);
}

function step(value: number | null, color: string) {
  return { value, color };
}
