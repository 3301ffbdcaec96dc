// Start and stop a load, and see what it does as it goes on.

import { html, useMemo, useState } from "/assets/lib/html.js";
import { post } from "/assets/lib/api.js";
import { Chart } from "/assets/lib/chart.js";
import { Field, Problem, useDoing } from "/assets/lib/ui.js";
import { milliseconds, number, rate, t, t_or } from "/assets/lib/words.js";

function Now({ point }) {
  const said = [
    ["load.answered", rate(point.answered)], ["load.due", rate(point.due)], ["p50", milliseconds(point.p50_ms)], ["p99", milliseconds(point.p99_ms)],
    ["load.open", number(point.sent_all - point.answered_all, 0)], ["load.refused", number(point.refused, 0)], ["load.wrong", number(point.wrong, 0)], ["load.late", milliseconds(point.late_p99_ms)],
  ];
  return html`<dl class="figures">${said.map(([key, words]) => html`<div class=${key === "load.wrong" && point.wrong ? "bad" : ""}><dt>${t_or(key, key)}</dt><dd>${words}</dd></div>`)}</dl>`;
}

function Verdict({ figures, exit }) {
  const words = exit === 0 ? "verdict.pass" : exit === 5 ? "verdict.invalid" : exit === 4 ? "verdict.wrong" : "verdict.missed";
  return html`<div class=${"verdict " + (exit === 0 ? "good" : "bad")} id="verdict" data-exit=${exit} role="status">
    <p class="outcome"><span aria-hidden="true">${exit === 0 ? "✓" : "✕"}</span> ${t(words)}</p>
    <p>${t("verdict.day", { count: number(figures.per_day, 0) })}</p>
    <dl class="figures">
      <div><dt>${t("load.sent")}</dt><dd>${number(figures.sent, 0)}</dd></div>
      <div><dt>${t("load.answered_all")}</dt><dd>${number(figures.answered, 0)}</dd></div>
      <div><dt>p99</dt><dd>${milliseconds(figures.latency_ms.p99)}</dd></div>
      <div><dt>${t("load.timed_out")}</dt><dd>${number(figures.timed_out, 0)}</dd></div>
      <div><dt>${t("load.wrong")}</dt><dd>${number(figures.wrong, 0)}</dd></div>
      <div><dt>SLO</dt><dd>${figures.verdict.slo}</dd></div>
    </dl>
    ${Object.entries(figures.errors).length > 0 && html`<p>${Object.entries(figures.errors).map(([name, count]) => `${name}: ${number(count, 0)}`).join(" · ")}</p>`}
  </div>`;
}

export function Load({ load, may, theme, language, fetch_load }) {
  const [settings, set_settings] = useState({ rate: "1000", duration_s: "20", workload: "lookups", arrivals: "even" });
  const [busy, error, run] = useDoing();
  const running = load.state === "running" || load.state === "starting";
  const points = load.points;
  const data = useMemo(() => ({
    times: points.map((each) => each.at_s),
    rates: [
      { label: t("load.due"), colour: "--chart-quiet", dash: [6, 4], values: points.map((each) => each.due) },
      { label: t("load.answered"), colour: "--accent", values: points.map((each) => each.answered) },
    ],
    latencies: [
      { label: "p50", colour: "--chart-quiet", dash: [6, 4], values: points.map((each) => each.p50_ms) },
      { label: "p99", colour: "--tier-secondary", values: points.map((each) => each.p99_ms) },
    ],
  }), [points, language]);
  const change = (key) => (event) => set_settings((before) => ({ ...before, [key]: event.target.value }));
  const start = async (event) => { event.preventDefault(); await run(() => post("/api/load", settings)); fetch_load(); };
  const last = points.at(-1);

  return html`<h2>${t("tab.load")}</h2>
    <p class="hint">${t("load_hint")}</p>
    <form onSubmit=${start} id="load-form">
      <div class="row wrap">
        <${Field} label=${t("load.rate")} id="load-rate"><input id="load-rate" type="number" min="1" max="1000000" required value=${settings.rate} onInput=${change("rate")} /><//>
        <${Field} label=${t("load.duration")} id="load-duration"><input id="load-duration" type="number" min="1" max="3600" required value=${settings.duration_s} onInput=${change("duration_s")} /><//>
        <${Field} label=${t("load.arrivals")} id="load-arrivals"><select id="load-arrivals" value=${settings.arrivals} onChange=${change("arrivals")}>${(load.arrivals || []).map((each) => html`<option value=${each}>${t("arrivals." + each)}</option>`)}</select><//>
        <${Field} label=${t("load.workload")} id="load-workload" hint=${t_or("workload." + settings.workload, "")}><select id="load-workload" value=${settings.workload} onChange=${change("workload")} aria-describedby="load-workload-hint">${(load.workloads || []).map((each) => html`<option value=${each}>${each}</option>`)}</select><//>
      </div>
      <div class="row"><button id="start-load" disabled=${busy || running || !may}>${t("start")}</button><button type="button" class="plain" id="stop-load" disabled=${!running || !may} onClick=${() => run(() => post("/api/load/stop"))}>${t("stop")}</button><span class="quiet" id="load-state" data-state=${load.state} role="status">${t("load_state." + load.state)}</span></div>
    </form>
    <${Problem} words=${error || (load.state === "failed" ? load.words : "")} />
    ${load.state === "done" && html`<${Verdict} figures=${load.figures} exit=${load.exit} />`}
    ${last && html`${running && html`<progress max=${last.duration_s} value=${last.at_s} aria-label=${t("progress")}></progress>`}
      <${Now} point=${last} />
      <${Chart} label=${t("load.rates")} unit="" theme=${theme} times=${data.times} lines=${data.rates} />
      <${Chart} label=${t("load.latencies")} unit=" ms" theme=${theme} times=${data.times} lines=${data.latencies} />`}`;
}
