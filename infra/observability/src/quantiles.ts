/** The lines of a histogram: what half, and what all but one in a hundred, stay below; by a label. */
export function quantiles(metric: string, by: string, matchers = ""): Record<string, string> {
  const of = (quantile: number) =>
    `histogram_quantile(${quantile}, sum by (le, ${by}) (rate(${metric}_bucket${matchers}[$__rate_interval])))`;
  return { [`{{${by}}} p50`]: of(0.5), [`{{${by}}} p99`]: of(0.99) };
}

/** How often, for each second, by a label. */
export function rates(metric: string, by: string, matchers = ""): Record<string, string> {
  return { [`{{${by}}}`]: `sum by (${by}) (rate(${metric}${matchers}[$__rate_interval]))` };
}
