// The live picture: a card for each tier, and the network below it.

import { html } from "/assets/lib/html.js";
import { Graph, TIERS } from "/assets/lib/graph.js";
import { milliseconds, percent, rate, t } from "/assets/lib/words.js";

function Tier({ tier, now }) {
  const whole = now.ready === now.nodes;
  return html`<li class=${"tier " + tier}>
    <h3>${t("tier." + tier)}</h3>
    <p class=${"whole " + (whole ? "good" : "bad")}><span aria-hidden="true">${whole ? "●" : "✕"}</span> ${t("ready_of", { ready: now.ready, nodes: now.nodes })}</p>
    <dl>
      <div><dt>${t("rate")}</dt><dd>${rate(now.rate)}</dd></div>
      <div><dt>p99</dt><dd>${milliseconds(now.p99_ms)}</dd></div>
      <div><dt>${t("hits")}</dt><dd>${percent(now.hit)}</dd></div>
    </dl>
  </li>`;
}

export function Picture({ layout, picture, hops, name, go, theme, language }) {
  const tiers = picture?.tiers || {};
  return html`
    <ul class="tiers">${TIERS.filter((tier) => tiers[tier]).map((tier) => html`<${Tier} key=${tier} tier=${tier} now=${tiers[tier]} />`)}</ul>
    <${Graph} layout=${layout} picture=${picture} hops=${hops} chosen=${name} choose=${(each) => go("node/" + encodeURIComponent(each))} theme=${theme} language=${language} />
    <p class="hint">${t("picture_hint")}</p>`;
}
