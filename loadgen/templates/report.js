// The charts of the report. Series come from the JSON block "series"; colours from the style, so that light and dark
// have one home; words from here, in the language that is chosen.
(() => {
  "use strict";
  const series = JSON.parse(document.getElementById("series").textContent);
  const chinese = document.getElementById("chinese");
  const HEIGHT = 300;
  const WORDS = {
    latency: ["latency", "时延"], service: ["service time", "服务时间"], lateness: ["generator's lateness", "发生器滞后"],
    share: ["share of requests", "请求占比"], offered: ["offered", "计划"], good: ["right and in time", "正确且及时"],
    failed: ["failed", "失败"], max: ["maximum", "最大"], seconds: ["seconds after the start", "开始后秒数"], hours: ["hour", "时"], planned: ["curve", "曲线"],
    perSecond: ["per second", "每秒"], ms: ["ms", "毫秒"],
  };
  const say = (key) => WORDS[key][chinese.checked ? 1 : 0];
  const color = (name) => getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();

  // 100 -> "99 %": all but one in so many.
  function share(odds) {
    if (odds <= 1) return "0 %";
    const digits = Math.max(0, Math.ceil(Math.log10(odds) - 2 - 1e-9));
    return (100 * (1 - 1 / odds)).toFixed(digits) + " %";
  }
  const ms = (value) => value == null ? "–" : value >= 100 ? value.toFixed(0) : value >= 1 ? value.toFixed(2) : value.toFixed(3);
  const decade = (u, splits) => splits.map((value) => value == null ? "" : (+value.toPrecision(3)).toLocaleString("en", { maximumFractionDigits: 6 }));
  const rate = (value) => value == null ? "–" : value.toLocaleString("en", { maximumFractionDigits: 1 });

  function line(key, name, options) {
    return { label: say(key), stroke: color(name), width: 2, points: { show: false }, ...options };
  }
  function axis(options) {
    const grid = { stroke: color("line"), width: 1 };
    return { stroke: color("quiet"), grid, ticks: grid, font: "12px system-ui, sans-serif", labelFont: "12px system-ui, sans-serif", labelSize: 18, ...options };
  }
  // A logarithmic scale must not reach 0, and a flat line must not fill it.
  function decades(columns, least) {
    const all = columns.flat().filter((value) => value > 0);
    const low = all.length ? all.reduce((a, b) => Math.min(a, b)) : 1, high = all.length ? all.reduce((a, b) => Math.max(a, b)) : 1;
    return [Math.max(least, 10 ** Math.floor(Math.log10(low))), 10 ** Math.ceil(Math.log10(high * 1.01))];
  }
  const positive = (values) => values.map((value) => value > 0 ? value : null);

  function latency(width) {
    const columns = [series.latency, series.service, series.lateness].map(positive);
    const far = Math.max(10, ...series.odds);
    const marks = [1, 2, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7].filter((odds) => odds <= far * 1.001 && (odds > 1 || width > 600));
    const limits = series.limits.map((limit) => [limit.ms]);
    return {
      data: [series.odds, ...columns],
      width, height: HEIGHT + 40, padding: [null, 28, null, null],
      scales: { x: { time: false, distr: 3, range: [1, far] }, y: { distr: 3, range: decades([...columns, ...limits], 0.001) } },
      axes: [
        axis({ label: say("share"), splits: () => marks, filter: (u, splits) => splits, values: (u, splits) => splits.map(share) }),
        axis({ label: say("ms"), size: 56, values: decade }),
      ],
      series: [
        { label: say("share"), value: (u, value) => value == null ? "–" : share(value) },
        line("latency", "latency", { value: (u, value) => ms(value), width: 2.5 }),
        line("service", "service", { value: (u, value) => ms(value), dash: [6, 4] }),
        line("lateness", "lateness", { value: (u, value) => ms(value), width: 1.5 }),
      ],
      hooks: { draw: [(u) => drawLimits(u, far)] },
    };
  }
  // A pass mark is a corner: the curve passes if it goes below it.
  function drawLimits(u, far) {
    const context = u.ctx, ratio = devicePixelRatio;
    context.save();
    context.strokeStyle = context.fillStyle = color("bad");
    context.lineWidth = 1.5 * ratio;
    context.font = `${12 * ratio}px system-ui, sans-serif`;
    for (const limit of series.limits) {
      const odds = Math.min(limit.odds ?? far, far);
      const x = u.valToPos(odds, "x", true), y = u.valToPos(limit.ms, "y", true);
      context.setLineDash([4 * ratio, 3 * ratio]);
      context.beginPath();
      context.moveTo(u.bbox.left, y);
      context.lineTo(x, y);
      context.lineTo(x, y - 14 * ratio);
      context.stroke();
      context.textAlign = "left";
      context.textBaseline = "bottom";
      context.fillText(limit.text, u.bbox.left + 6 * ratio, y - 3 * ratio);
    }
    context.restore();
  }

  // A compressed run is shown in the hours it stands for.
  const day = series.scale !== 1;
  const moments = day ? series.start.map((start) => start * series.scale / 3600) : series.start;
  const moment = () => say(day ? "hours" : "seconds");
  function clock(hours) {
    const minutes = Math.round(hours * 60);
    return Math.floor(minutes / 60) + ":" + String(minutes % 60).padStart(2, "0");
  }
  const HOURS = [1, 2, 3, 4, 6, 12, 24, 48, 96, 168, 336, 672];

  const together = { sync: { key: "time" } };
  function overTime(width, columns, lines, y, yAxis) {
    const last = moments.length > 1 ? moments[moments.length - 1] : 1;
    return {
      data: [moments, ...columns], width, height: HEIGHT - 60, cursor: together,
      scales: { x: { time: false, range: [0, last || 1] }, y },
      axes: [axis({ label: moment(), ...(day ? { incrs: HOURS, space: 36 } : {}) }), axis({ size: 64, ...yAxis })],
      series: [{ label: moment(), value: (u, value) => value == null ? "–" : day ? clock(value) : String(value) }, ...lines],
    };
  }
  const stepped = { paths: uPlot.paths.stepped({ align: 1 }) };
  function rates(width) {
    const value = (u, each) => rate(each);
    const curve = series.planned.length && (day || series.planned.some((each) => Math.abs(each - series.planned[0]) > 1e-6));
    return overTime(width, [...(curve ? [series.planned] : []), series.offered, series.good, series.failed], [
      ...(curve ? [line("planned", "latency", { value, width: 1.5, dash: [6, 4] })] : []),
      line("offered", "offered", { ...stepped, value, fill: color("offered") + "30" }),
      line("good", "good", { ...stepped, value }),
      line("failed", "bad", { ...stepped, value }),
    ], { range: (u, low, high) => [0, (high || 1) * 1.08] }, { label: say("perSecond"), values: (u, splits) => splits.map(rate) });
  }
  function waiting(width) {
    const columns = [series.max, series.p99, series.p50].map(positive);
    const value = (u, each) => ms(each);
    return overTime(width, columns, [
      line("max", "lateness", { value, width: 1 }),
      { ...line("latency", "latency", { value }), label: "p99" },
      { ...line("latency", "service", { value }), label: "p50" },
    ], { distr: 3, range: decades(columns, 0.001) }, { label: say("ms"), values: decade });
  }

  const charts = { latency, rate: rates, waiting };
  let drawn = [];
  function draw() {
    document.documentElement.lang = chinese.checked ? "zh-CN" : "en";
    for (const chart of drawn) chart.destroy();
    drawn = [];
    for (const [id, make] of Object.entries(charts)) {
      const place = document.getElementById(id);
      const { data, ...options } = make(Math.max(280, place.clientWidth));
      drawn.push(new uPlot(options, data, place));
    }
  }
  if ((navigator.language || "").startsWith("zh")) chinese.checked = true;
  for (const button of document.getElementsByName("language")) button.addEventListener("change", draw);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
  let width = innerWidth;
  addEventListener("resize", () => { if (innerWidth !== width) { width = innerWidth; draw(); } });
  draw();
})();
