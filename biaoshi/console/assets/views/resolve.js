// Resolve an identifier at a recursive node, and watch the hops light up one after the other.

import { html, useEffect, useRef, useState } from "/assets/lib/html.js";
import { post } from "/assets/lib/api.js";
import { Code, Field, Problem, Values, useDoing } from "/assets/lib/ui.js";
import { milliseconds, t, t_or } from "/assets/lib/words.js";
import { Packet } from "/assets/views/packet.js";

const LIGHT_MS = 650; // from one hop to the next; what they really took stands beside them
const still = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

function Hop({ hop, number, lit }) {
  return html`<li class=${"hop" + (lit ? " lit" : "")} id=${"hop-" + number}>
    <p class="way"><span class="count" aria-hidden="true">${number}</span> <b>${hop.from === "client" ? t("client") : hop.from}</b> <span aria-label=${t("asks")}>→</span> <b>${hop.to}</b> <span class="quiet">${hop.address} ${hop.transport} · ${milliseconds(hop.at_ms)}</span></p>
    <p><code>${hop.question}</code></p>
    <p><${Code} code=${hop.code} name=${hop.code_name} />${hop.referral && html` <span>${t("sent_on", { node: hop.referral_name || hop.referral })}</span>`}</p>
    ${hop.cache.length > 0 && html`<ul class="events">${hop.cache.map((event) => html`<li><span class="tag">${t_or("cache." + event.cache, event.cache)}</span> ${t_or("outcome." + event.outcome, event.outcome)} <code>${event.key}</code></li>`)}</ul>`}
    <${Packet} packet=${hop.request} title=${t("request")} />
    <${Packet} packet=${hop.reply} title=${t("reply")} />
  </li>`;
}

export function Resolve({ layout, set_hops, may }) {
  const [handle, set_handle] = useState(layout.sample || "");
  const [server, set_server] = useState("");
  const [found, set_found] = useState(null);
  const [lit, set_lit] = useState(0);
  const [busy, error, run] = useDoing();
  const timer = useRef(0);
  const recursive = layout.nodes.filter((node) => node.tier === "recursive");
  const others = layout.nodes.length <= 40 ? layout.nodes.filter((node) => node.tier !== "recursive") : [];

  useEffect(() => () => { clearInterval(timer.current); set_hops([]); }, []);
  useEffect(() => { if (found) set_hops(found.trace.slice(0, lit).map((hop, index) => ({ ...hop, number: index + 1 }))); }, [found, lit]);

  async function resolve(event) {
    event.preventDefault();
    clearInterval(timer.current);
    set_hops([]);
    set_found(null);
    const said = await run(() => post("/api/resolve", { handle: handle.trim(), server: server || undefined }));
    if (!said) return;
    set_found(said);
    const last = said.trace.length;
    set_lit(still() ? last : 1);
    if (!still()) timer.current = setInterval(() => set_lit((before) => { if (before >= last) { clearInterval(timer.current); return before; } return before + 1; }), LIGHT_MS);
  }

  return html`<h2>${t("tab.resolve")}</h2>
    <form onSubmit=${resolve} id="resolve-form">
      <${Field} label=${t("identifier")} id="handle"><input id="handle" value=${handle} onInput=${(event) => set_handle(event.target.value)} required maxlength="2048" autocomplete="off" spellcheck="false" /><//>
      <div class="row">
        <${Field} label=${t("ask")} id="server"><select id="server" value=${server} onChange=${(event) => set_server(event.target.value)}>
          ${recursive.map((node, index) => html`<option value=${index ? node.address : ""}>${node.name}</option>`)}
          ${others.map((node) => html`<option value=${node.address}>${node.name}</option>`)}
        </select><//>
        <button id="resolve" disabled=${busy || !may}>${busy ? t("asking") : t("resolve")}</button>
      </div>
    </form>
    <${Problem} words=${error} />
    ${found && html`<div id="found" data-code=${found.code} role="status">
      <p class="outcome"><${Code} code=${found.code} name=${found.code_name} /> <span>${t("source." + found.source)}</span> <span class="quiet">${milliseconds(found.elapsed_ms)}</span></p>
      ${found.message && html`<p>${found.message}</p>`}
    </div>
    ${found.values.length > 0 && html`<${Values} values=${found.values} caption=${t("values_of", { handle: found.handle })} />`}
    <h3>${t("hops")}</h3>
    <p class="hint">${t(found.trace.length > 1 ? "hops_hint" : "hops_none")}</p>
    <ol class="hops" id="hops">${found.trace.map((hop, index) => html`<${Hop} key=${index} hop=${hop} number=${index + 1} lit=${index === lit - 1} />`)}</ol>`}`;
}
