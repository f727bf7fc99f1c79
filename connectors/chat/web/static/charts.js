"use strict";
/* Draws every [data-chart] once it is on the page. The same figures stand in a table next to it. */

(() => {
  const colours = {
    light: ["#0f6b62", "#b3541e", "#33658a", "#8a5a83", "#6b6b1f", "#1d2b2f"],
    dark: ["#7fd1c3", "#f0a868", "#8fbde0", "#d3a6cc", "#cfcf7a", "#e8ebe6"],
  };
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const drawn = new Map();
  const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
  const named = (label) => {
    const day = /^\d{4}-(\d{2})-(\d{2})$/.exec(label ?? "");
    return day ? `${Number(day[2])} ${months[Number(day[1]) - 1]}` : label;
  };

  const seriesOf = (chart, palette) =>
    chart.series.map((one, number) => {
      const bars = one.look === "bar" || (chart.kind === "bar" && !one.look);
      const mark = one.look === "mark";
      const colour = palette[number % palette.length];
      return {
        label: one.name,
        stroke: one.look === "edge" ? "transparent" : colour,
        fill: bars ? colour : undefined,
        width: 2,
        points: { show: mark || (!bars && !one.look && chart.labels.length < 15), size: mark ? 10 : undefined, fill: mark ? colour : undefined },
        paths: bars ? uPlot.paths.bars({ size: [0.7, 64] }) : mark ? () => null : undefined,
      };
    });

  /* Two edges, the lower one first, enclose a band in the colour of the line before them. */
  const bandsOf = (chart, palette) => {
    const edges = chart.series.flatMap((one, number) => (one.look === "edge" ? [number] : []));
    if (edges.length !== 2) return [];
    const colour = palette[(edges[0] + palette.length - 1) % palette.length];
    return [{ series: [edges[1] + 1, edges[0] + 1], fill: `${colour}33` }];
  };

  const options = (chart, place) => {
    const style = getComputedStyle(document.documentElement);
    const ink = style.getPropertyValue("--quiet").trim();
    const line = style.getPropertyValue("--line").trim();
    const palette = dark.matches ? colours.dark : colours.light;
    const shortened = (text) => (text && text.length > 12 ? text.slice(0, 11) + "…" : text);
    const below = { stroke: ink, grid: { show: false }, ticks: { show: false }, font: "12px system-ui", space: 64, size: 30, gap: 6 };
    below.incrs = [1, 2, 5, 10, 20, 50, 100];
    below.values = (_plot, at) => at.map((value) => shortened(named(chart.labels[value])) || "");
    return {
      width: place.clientWidth,
      height: 220,
      scales: {
        x: { time: false, range: [-0.6, chart.labels.length - 0.4] },
        y: { range: (_plot, low, high) => [Math.min(0, low ?? 0), Math.max(1, (high ?? 0) * 1.1)] },
      },
      axes: [below, { stroke: ink, grid: { stroke: line, width: 1 }, ticks: { show: false }, font: "12px system-ui", size: 48 }],
      series: [{ label: "", value: (_plot, at) => named(chart.labels[at]) || "–" }, ...seriesOf(chart, palette)],
      bands: bandsOf(chart, palette),
      cursor: { drag: { x: false, y: false } },
      legend: { show: chart.series.length > 1 },
    };
  };

  const draw = (place) => {
    const chart = JSON.parse(place.dataset.chart);
    const across = chart.labels.map((_label, number) => number);
    place.replaceChildren();
    drawn.set(place, new uPlot(options(chart, place), [across, ...chart.series.map((one) => one.values)], place));
  };

  const watcher = new ResizeObserver((changes) => {
    for (const change of changes) {
      const plot = drawn.get(change.target);
      const width = Math.floor(change.contentRect.width);
      if (plot && width && plot.width !== width) plot.setSize({ width, height: 220 });
    }
  });

  window.drawCharts = (within) => {
    for (const place of within.querySelectorAll("[data-chart]")) {
      if (drawn.has(place)) continue;
      draw(place);
      watcher.observe(place);
    }
    for (const place of drawn.keys()) if (!place.isConnected) drawn.delete(place);
  };

  dark.addEventListener("change", () => [...drawn.keys()].forEach(draw));
  document.addEventListener("htmx:afterSwap", () => drawCharts(document));
  drawCharts(document);
})();
