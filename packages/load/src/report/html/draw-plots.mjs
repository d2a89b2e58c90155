// Draws the plots of a report's page, in which uPlot is there before it. It is part of the page as it stands here.
const { plots, faults, end } = JSON.parse(document.getElementById("data").textContent);
const HEIGHT = 220;
const COLOURS = 8;
const drawn = [];

/** A colour of the page, light or dark as the reader has it at the moment. */
const colour = (name) => () => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const faultColour = colour("--fault");

/** A vertical line for each fault, over everything else. */
function markFaults(plot) {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.fillStyle = faultColour();
  const width = Math.max(1, Math.round(devicePixelRatio));
  for (const { second } of faults) {
    const x = Math.round(plot.valToPos(second, "x", true));
    if (x >= bbox.left && x <= bbox.left + bbox.width) ctx.fillRect(x, bbox.top, width, bbox.height);
  }
  ctx.restore();
}

/** Every plot has the whole run, also where less was measured: so they have the same faults, at the same place. */
function fullLength({ seconds, series }) {
  const before = seconds[0] > 0 ? 1 : 0;
  const after = seconds.at(-1) < end ? 1 : 0;
  const padded = (values, first, last) => [...Array(before).fill(first), ...values, ...Array(after).fill(last)];
  return [padded(seconds, 0, end), ...series.map(({ values }) => padded(values, null, null))];
}

function optionsOf({ unit, seconds, series }, width) {
  const axis = { stroke: colour("--text"), grid: { stroke: colour("--grid"), width: 1 }, ticks: { show: false } };
  const shown = (value) => (value == null ? "–" : `${value}${unit === "" || unit === "%" ? unit : ` ${unit}`}`);
  return {
    width,
    height: HEIGHT,
    cursor: { sync: { key: "report" }, drag: { x: true, y: false } },
    scales: { x: { time: false }, y: { range: (_, __, most) => [0, most > 0 ? most * 1.1 : 1] } },
    axes: [
      { ...axis, values: (_, ticks) => ticks.map((tick) => `${tick} s`) },
      { ...axis, size: 56 },
    ],
    series: [
      { label: "time", value: (_, second) => (second == null ? "–" : `${second} s`) },
      ...series.map(({ name }, index) => ({
        label: name,
        stroke: colour(`--series-${index % COLOURS}`),
        dash: index < COLOURS ? undefined : [4, 3],
        width: 1.5,
        spanGaps: true,
        points: { show: seconds.length < 40 },
        value: (_, value) => shown(value),
      })),
    ],
    hooks: { draw: [markFaults] },
  };
}

for (const [index, figure] of document.querySelectorAll("figure[data-plot]").entries()) {
  const plot = plots[index];
  const place = figure.querySelector("div");
  drawn.push(new uPlot(optionsOf(plot, place.clientWidth), fullLength(plot), place));
}

const fit = () => {
  for (const plot of drawn) plot.setSize({ width: plot.root.parentElement.clientWidth, height: HEIGHT });
};
addEventListener("resize", fit);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
  for (const plot of drawn) plot.redraw();
});
document.documentElement.dataset.drawn = String(drawn.length);
