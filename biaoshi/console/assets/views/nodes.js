// All nodes as a table: what the picture shows, for whoever reads rather than looks.

import { html, useState } from "/assets/lib/html.js";
import { Field, Health } from "/assets/lib/ui.js";
import { milliseconds, number, percent, rate, t } from "/assets/lib/words.js";

const SHOWN = 100; // rows; a nation has hundreds, and whoever looks for one types a part of its name

export function Nodes({ layout, picture }) {
  const [wanted, set_wanted] = useState("");
  const fitting = layout.nodes.filter((node) => (node.name + " " + t("tier." + node.tier)).toLowerCase().includes(wanted.trim().toLowerCase()));
  return html`<h2>${t("tab.nodes")}</h2>
    <${Field} label=${t("filter")} id="filter"><input id="filter" type="search" value=${wanted} onInput=${(event) => set_wanted(event.target.value)} autocomplete="off" /><//>
    <div class="wide" tabindex="0" role="region" aria-label=${t("tab.nodes")}><table id="nodes">
      <caption>${t("nodes_shown", { shown: Math.min(SHOWN, fitting.length), all: layout.nodes.length })}</caption>
      <thead><tr><th scope="col">${t("node")}</th><th scope="col">${t("health")}</th><th scope="col" class="number">${t("rate")}</th><th scope="col" class="number">p99</th><th scope="col" class="number">${t("hits")}</th><th scope="col" class="number">${t("records")}</th></tr></thead>
      <tbody>${fitting.slice(0, SHOWN).map((node) => {
        const now = picture?.nodes[node.name] || {};
        return html`<tr key=${node.name}><th scope="row"><a href=${"#/node/" + encodeURIComponent(node.name)}>${node.name}</a></th><td><${Health} ready=${now.ready} /></td><td class="number">${rate(now.rate)}</td><td class="number">${milliseconds(now.p99_ms)}</td><td class="number">${percent(now.hit)}</td><td class="number">${number(now.records, 0)}</td></tr>`;
      })}</tbody>
    </table></div>`;
}
