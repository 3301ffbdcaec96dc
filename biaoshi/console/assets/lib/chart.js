// Lines over time, by uPlot. Colours come from the style sheet, so that a change of theme draws them anew.

import { html, useEffect, useRef } from "/assets/lib/html.js";

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** `lines`: [{label, colour (a variable's name), dash, values}], over `times`, seconds. */
export function Chart({ times, lines, unit, label, theme, height = 190 }) {
  const place = useRef();
  const drawn = useRef();
  const names = lines.map((each) => each.label).join();
  useEffect(() => {
    const axis = { stroke: colour("--quiet"), grid: { stroke: colour("--line"), width: 1 }, ticks: { stroke: colour("--line") }, font: "12px system-ui" };
    const width = () => Math.max(200, place.current.clientWidth);
    const plot = new window.uPlot({
      width: width(),
      height,
      legend: { live: false },
      cursor: { show: false },
      scales: { x: { time: false }, y: { range: (_, low, high) => [0, Math.max(high || 0, 0.001) * 1.1] } },
      axes: [
        { ...axis, values: (_, ticks) => ticks.map((each) => each + " s") },
        { ...axis, size: 62, values: (_, ticks) => ticks.map((each) => each.toLocaleString() + unit) },
      ],
      series: [{}, ...lines.map((each) => ({ label: each.label, stroke: colour(each.colour), width: 2, dash: each.dash, points: { show: false } }))],
    }, [times, ...lines.map((each) => each.values)], place.current);
    drawn.current = plot;
    const watch = new ResizeObserver(() => plot.setSize({ width: width(), height }));
    watch.observe(place.current);
    return () => { watch.disconnect(); plot.destroy(); drawn.current = null; };
  }, [theme, names, unit]);
  useEffect(() => { drawn.current?.setData([times, ...lines.map((each) => each.values)]); }, [times]);
  return html`<figure class="chart"><figcaption>${label}</figcaption><div ref=${place}></div></figure>`;
}
