// One node: health and figures, what may be done to it, configuration, prefixes, records, caches, metrics.

import { html, useEffect, useState } from "/assets/lib/html.js";
import { get, node_path, post } from "/assets/lib/api.js";
import { Data, Health, Problem, useDoing } from "/assets/lib/ui.js";
import { milliseconds, number, percent, rate, t } from "/assets/lib/words.js";

function Rows({ id, title, rows, heads, more = 0 }) {
  return html`<details id=${id}><summary><h3>${title} <span class="quiet">${number(rows.length + more, 0)}</span></h3></summary>
    <div class="wide" tabindex="0" role="region" aria-label=${title}><table><thead><tr>${heads.map((each) => html`<th scope="col">${each}</th>`)}</tr></thead><tbody>${rows.map((row, index) => html`<tr key=${index}>${row.map((cell) => html`<td class=${typeof cell === "number" ? "number" : "data"}>${typeof cell === "number" ? number(cell, 3) : String(cell)}</td>`)}</tr>`)}</tbody></table></div>${more > 0 && html`<p class="hint">${t("more", { count: number(more, 0) })}</p>`}</details>`;
}

export function NodePage({ name, picture, layout, may, go }) {
  const [page, set_page] = useState(null);
  const [records, set_records] = useState(null);
  const [busy, error, run] = useDoing();
  const [reading, problem, read] = useDoing();
  const now = picture?.nodes[name] || {};
  const fetch_page = () => read(async () => { set_page(await get(node_path(name))); set_records(await get(node_path(name) + "/records")); });
  useEffect(() => { fetch_page(); }, [name, now.ready]);
  const have = (what) => async () => { await run(() => post(node_path(name), { do: what })); fetch_page(); };
  if (!page) return html`<p><a href="#/nodes">← ${t("tab.nodes")}</a></p><${Problem} words=${problem} /><p class="loading">${reading && "…"}</p>`;
  const caches = page.metrics.filter(([metric]) => metric.startsWith("biaoshi_cache_"));
  const others = page.metrics.filter(([metric]) => !metric.startsWith("biaoshi_cache_"));
  const ready = now.ready ?? page.ready;
  return html`<p><a href="#/nodes">← ${t("tab.nodes")}</a></p>
    <h2 id="node-name">${name}</h2>
    <p><span class="tag">${t("tier." + page.tier)}</span> <${Health} ready=${ready} /></p>
    <div class="row" id="node-actions">
      ${ready ? html`<button class="plain" id="node-stop" disabled=${busy || !may} onClick=${have("stop")}>${t("node.stop")}</button><button class="plain" id="node-kill" disabled=${busy || !may} onClick=${have("kill")}>${t("node.kill")}</button>`
        : html`<button id="node-start" disabled=${busy || !may} onClick=${have("start")}>${busy ? t("node.starting") : t("node.start")}</button>`}
    </div>
    <${Problem} words=${error || problem} />
    <dl class="figures"><div><dt>${t("rate")}</dt><dd>${rate(now.rate)}</dd></div><div><dt>p99</dt><dd>${milliseconds(now.p99_ms)}</dd></div><div><dt>${t("hits")}</dt><dd>${percent(now.hit)}</dd></div><div><dt>${t("records")}</dt><dd>${number(now.records ?? page.records, 0)}</dd></div><div><dt>${t("requests_all")}</dt><dd>${number(now.requests, 0)}</dd></div></dl>
    <${Rows} id="configuration" title=${t("configuration")} heads=${[t("key"), t("packet.value")]} rows=${page.configuration.map(([key, value]) => [key, String(value)])} />
    <${Rows} id="prefixes" title=${t("prefixes")} heads=${[t("prefix")]} rows=${page.prefixes.map((each) => [each])} more=${page.prefixes_more} />
    <details id="records"><summary><h3>${t("records")} <span class="quiet">${number(page.records, 0)}</span></h3></summary>
      ${records && (records.records.length ? html`<p class="hint">${t("records_first", { count: records.records.length })}</p><div class="wide" tabindex="0" role="region" aria-label=${t("records")}><table><thead><tr><th scope="col">${t("identifier")}</th><th scope="col">${t("value.data")}</th></tr></thead><tbody>${records.records.map((each) => html`<tr key=${each.handle}><td class="data">${each.handle}</td><td class="data">${each.values.filter((value) => !value.type.startsWith("HS_")).map((value) => html`<div><span class="quiet">${value.type}</span> <${Data} data=${value.data} /></div>`)}</td></tr>`)}</tbody></table></div>` : html`<p>${records.words || t("records_none")}</p>`)}</details>
    <${Rows} id="caches" title=${t("caches")} heads=${[t("metric"), t("labels"), t("packet.value")]} rows=${caches} />
    <${Rows} id="metrics" title=${t("metrics")} heads=${[t("metric"), t("labels"), t("packet.value")]} rows=${others} />`;
}
