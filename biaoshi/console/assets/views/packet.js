// A packet octet by octet: its octets, and the fields that the parser found in them. Whoever points at one sees the other.

import { html, useState } from "/assets/lib/html.js";
import { field_words, number, t } from "/assets/lib/words.js";

const SHOWN = 16; // octets in the cell of a field; all of them stand above

const pairs = (hex) => hex.match(/../g) || [];
const cell = (hex) => (hex.length > SHOWN * 2 ? pairs(hex.slice(0, SHOWN * 2)).join(" ") + " …" : pairs(hex).join(" "));

function Octets({ packet, at, set_at }) {
  const covered = packet.fields.length ? packet.fields.at(-1).offset + packet.fields.at(-1).length : 0;
  return html`<p class="octets" aria-label=${t("packet.octets")}>${packet.fields.map((field, index) => html`<span key=${index} class=${"part" + (at === index ? " at" : "")} onMouseEnter=${() => set_at(index)} onMouseLeave=${() => set_at(-1)}>${pairs(field.octets).join(" ")}${" "}</span>`)}${pairs(packet.octets.slice(covered * 2)).join(" ")}</p>`;
}

export function Packet({ packet, title, open = false }) {
  const [at, set_at] = useState(-1);
  const [shown, set_shown] = useState(open);
  if (!packet) return html`<p class="hint">${title}: ${t("packet.none")}</p>`;
  let group = null;
  return html`<details class="packet" open=${open} onToggle=${(event) => set_shown(event.target.open)}>
    <summary><b>${title}</b> ${packet.what.replace(/^(Request|Response) /, "")} <span class="quiet">${t("packet.size", { octets: number(packet.octets.length / 2, 0) })}</span></summary>
    ${shown && html`<${Octets} packet=${packet} at=${at} set_at=${set_at} />
    <div class="wide" tabindex="0" role="region" aria-label=${title}><table class="fields">
      <caption class="hidden">${t("packet.fields")}</caption>
      <thead><tr><th scope="col" class="number">${t("packet.offset")}</th><th scope="col">${t("packet.octets")}</th><th scope="col">${t("packet.field")}</th><th scope="col">${t("packet.value")}</th><th scope="col">${t("packet.meaning")}</th></tr></thead>
      <tbody>${packet.fields.map((field, index) => {
        const heading = field.group !== group && field.group;
        group = field.group;
        const chinese = field_words(field.field);
        return html`${heading && html`<tr class="group"><th colspan="5" scope="colgroup">${field.group}</th></tr>`}
        <tr key=${index} class=${at === index ? "at" : ""} onMouseEnter=${() => set_at(index)} onMouseLeave=${() => set_at(-1)}>
          <td class="number">${field.offset}</td><td class="mono">${cell(field.octets)}</td><td>${field.field}${chinese && html` <span class="quiet">${chinese}</span>`}</td><td class="data">${String(field.value)}</td><td>${field.meaning}</td></tr>`;
      })}</tbody>
    </table></div>
    ${packet.more > 0 && html`<p class="hint">${t("packet.more", { fields: packet.more })}</p>`}`}
  </details>`;
}
