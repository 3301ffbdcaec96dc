// What goes wrong on purpose: add a fault, see those that strike, clear them.

import { html, useState } from "/assets/lib/html.js";
import { post } from "/assets/lib/api.js";
import { Field, Problem, useDoing } from "/assets/lib/ui.js";
import { TIERS } from "/assets/lib/graph.js";
import { t, t_or } from "/assets/lib/words.js";

const USUAL = { share: "0.3", ms: "50", jitter_ms: "0", octets_per_s: "10000" };

export function fault_words(fault) {
  const settings = ["share", "ms", "jitter_ms", "octets_per_s"].filter((key) => fault[key] !== undefined).map((key) => t("says." + key, { value: fault[key] }));
  return [`${fault.from || t("anybody")} ${fault.one_way ? "→" : "↔"} ${fault.to || t("anybody")}`, ...settings].join(" · ");
}

function Who({ id, label, value, change, layout }) {
  return html`<${Field} label=${label} id=${id}><select id=${id} value=${value} onChange=${(event) => change(event.target.value)}>
    <option value="">${t("anybody")}</option><option value="client">${t("client")}</option>
    <optgroup label=${t("tiers")}>${TIERS.filter((tier) => layout.nodes.some((node) => node.tier === tier)).map((tier) => html`<option value=${tier}>${t("tier." + tier)}</option>`)}</optgroup>
    <optgroup label=${t("tab.nodes")}>${layout.nodes.map((node) => html`<option value=${node.name}>${node.name}</option>`)}</optgroup>
  </select><//>`;
}

export function Faults({ layout, faults, may, fetch_faults }) {
  const [kind, set_kind] = useState("drop");
  const [from, set_from] = useState("");
  const [to, set_to] = useState("");
  const [one_way, set_one_way] = useState(false);
  const [settings, set_settings] = useState(USUAL);
  const [busy, error, run] = useDoing();
  const takes = faults.kinds[kind] || { needs: [], takes: [] };
  const keys = [...takes.needs, ...takes.takes];

  const add = async (event) => {
    event.preventDefault();
    const fault = { kind, from, to, one_way: one_way || null };
    for (const key of keys) fault[key] = settings[key] === "" ? null : Number(settings[key]);
    await run(() => post("/api/faults", fault));
    fetch_faults();
  };
  const clear = async (ids) => { await run(() => post("/api/faults/clear", ids ? { ids } : {})); fetch_faults(); };

  return html`<h2>${t("tab.faults")}</h2>
    <p class="hint">${t("faults_hint")}</p>
    <form onSubmit=${add} id="fault-form">
      <${Field} label=${t("fault.kind")} id="fault-kind" hint=${t_or("fault." + kind, "")}><select id="fault-kind" aria-describedby="fault-kind-hint" value=${kind} onChange=${(event) => set_kind(event.target.value)}>${Object.keys(faults.kinds).map((each) => html`<option value=${each}>${t_or("kind." + each, each)}</option>`)}</select><//>
      <div class="row wrap"><${Who} id="fault-from" label=${t("fault.from")} value=${from} change=${set_from} layout=${layout} /><${Who} id="fault-to" label=${t("fault.to")} value=${to} change=${set_to} layout=${layout} /></div>
      ${keys.length > 0 && html`<div class="row wrap">${keys.map((key) => html`<${Field} key=${key} label=${t("setting." + key)} id=${"fault-" + key}><input id=${"fault-" + key} type="number" step="any" min="0" required=${takes.needs.includes(key)} value=${settings[key]} onInput=${(event) => set_settings((before) => ({ ...before, [key]: event.target.value }))} /><//>`)}</div>`}
      <div class="row"><label class="check"><input type="checkbox" id="fault-one-way" checked=${one_way} onChange=${(event) => set_one_way(event.target.checked)} /> ${t("fault.one_way")}</label></div>
      <div class="row"><button id="add-fault" disabled=${busy || !may}>${t("fault.add")}</button></div>
    </form>
    <${Problem} words=${error} />
    <h3>${t("fault.striking")}</h3>
    ${faults.faults.length === 0 ? html`<p id="no-faults">${t("fault.none")}</p>` : html`
      <ul class="list" id="faults">${faults.faults.map((fault) => html`<li key=${fault.id}><div><b>${t_or("kind." + fault.kind, fault.kind)}</b> <span>${fault_words(fault)}</span></div><button class="plain" disabled=${busy || !may} onClick=${() => clear([fault.id])} aria-label=${t("fault.clear_one", { id: fault.id })}>${t("clear")}</button></li>`)}</ul>
      <button class="plain" id="clear-faults" disabled=${busy || !may} onClick=${() => clear(null)}>${t("fault.clear_all")}</button>`}`;
}
