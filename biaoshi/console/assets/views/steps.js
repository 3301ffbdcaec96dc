// A resolution that waits before each hop: the packet that would leave, why it goes there, what is remembered already.

import { html, useEffect, useRef, useState } from "/assets/lib/html.js";
import { post } from "/assets/lib/api.js";
import { Code, Field, Problem, Values, useDoing } from "/assets/lib/ui.js";
import { milliseconds, t, t_or } from "/assets/lib/words.js";
import { Packet } from "/assets/views/packet.js";

const why = (event) => t("why." + event.why, { node: event.node, prefix: event.prefix });

function Past({ event, number }) {
  if (event.kind === "cache") {
    return html`<li class="cached"><span class="tag">${t_or("cache." + event.cache, event.cache)}</span> ${t_or("outcome." + event.outcome, event.outcome)} <code>${event.key}</code></li>`;
  }
  return html`<li class="hop">
    <p class="way"><span class="count" aria-hidden="true">${number}</span> <b>${t("console")}</b> <span aria-label=${t("asks")}>→</span> <b>${event.to}</b> <span class="quiet">${event.address} ${event.transport} · ${milliseconds(event.took_ms)}</span></p>
    <p>${why(event)} <code>${event.question}</code></p>
    <p><${Code} code=${event.code} name=${event.code_name} /> ${event.referral_name && t("sent_on", { node: event.referral_name })} ${event.words}</p>
    <${Packet} packet=${event.request} title=${t("request")} />
    <${Packet} packet=${event.reply} title=${t("reply")} />
  </li>`;
}

export function Steps({ layout, set_hops, may }) {
  const [handle, set_handle] = useState(layout.sample || "");
  const [walk, set_walk] = useState(null);
  const [forgot, set_forgot] = useState(false);
  const [busy, error, run] = useDoing();
  const next = useRef();

  useEffect(() => () => set_hops([]), []);
  useEffect(() => {
    if (!walk) return;
    const passed = walk.events.filter((event) => event.kind === "hop");
    const coming = walk.waiting ? [{ ...walk.waiting, waiting: true }] : [];
    set_hops([...passed, ...coming].map((hop, index) => ({ ...hop, number: index + 1 })));
    if (walk.waiting) next.current?.focus();
  }, [walk]);

  const begin = async (event) => { event.preventDefault(); set_forgot(false); const said = await run(() => post("/api/walks", { handle: handle.trim() })); if (said) set_walk(said); };
  const go_on = async () => { const said = await run(() => post("/api/walks/" + walk.walk)); if (said) set_walk(said); };
  const forget = async () => { if (await run(() => post("/api/walks/forget"))) set_forgot(true); };

  let number = 0;
  return html`<h2>${t("tab.steps")}</h2>
    <p class="hint">${t("steps_hint")}</p>
    <form onSubmit=${begin} id="steps-form">
      <${Field} label=${t("identifier")} id="step-handle"><input id="step-handle" value=${handle} onInput=${(event) => set_handle(event.target.value)} required maxlength="2048" autocomplete="off" spellcheck="false" /><//>
      <div class="row"><button id="begin" disabled=${busy || !may}>${t("begin")}</button><button type="button" class="plain" id="forget" onClick=${forget} disabled=${busy || !may}>${t("forget")}</button>${forgot && html`<span class="quiet" role="status">${t("forgotten")}</span>`}</div>
    </form>
    <${Problem} words=${error} />
    ${walk && html`<ol class="hops" id="steps">${walk.events.map((event, index) => html`<${Past} key=${walk.walk + "-" + index} event=${event} number=${event.kind === "hop" ? ++number : 0} />`)}</ol>
      ${walk.waiting && html`<div class="waiting" id="waiting" data-to=${walk.waiting.to} role="status">
        <p class="way"><span class="count" aria-hidden="true">${number + 1}</span> <b>${t("next_hop")}</b> ${t("console")} <span aria-label=${t("asks")}>→</span> <b>${walk.waiting.to}</b> <span class="quiet">${walk.waiting.address} ${walk.waiting.transport}</span></p>
        <dl class="facts">
          <dt>${t("decision")}</dt><dd>${why(walk.waiting)}</dd>
          <dt>${t("question")}</dt><dd><code>${walk.waiting.question}</code> ${walk.waiting.types.join(", ")}</dd>
          <dt>${t("patience")}</dt><dd>${walk.waiting.waits_ms.map((each) => milliseconds(each)).join(", ")}</dd>
        </dl>
        <${Packet} key=${walk.walk + "-" + number} packet=${walk.waiting.request} title=${t("would_send")} />
        <button ref=${next} id="go-on" onClick=${go_on} disabled=${busy || !may}>${busy ? t("asking") : t("send_it")}</button>
      </div>`}
      ${walk.end && html`<div id="walk-end" data-code=${walk.end.code} role="status"><p class="outcome"><${Code} code=${walk.end.code} name=${walk.end.code_name} /> <span>${t("source." + walk.end.source)}</span> <span class="quiet">${t("asked_for", { ms: milliseconds(walk.end.asked_ms) })}</span></p>${walk.end.message && html`<p>${walk.end.message}</p>`}</div>
        ${walk.end.values.length > 0 && html`<${Values} values=${walk.end.values} caption=${t("values_of", { handle: walk.handle })} />`}`}`}`;
}
