// Small things that several views use.

import { html, useCallback, useState } from "/assets/lib/html.js";
import { t } from "/assets/lib/words.js";

/** A form field with its label. */
export function Field({ label, hint, children, id }) {
  return html`<div class="field"><label for=${id}>${label}</label>${children}${hint && html`<p class="hint" id=${id + "-hint"}>${hint}</p>`}</div>`;
}

/** Whether a node may be asked: a sign, and words. */
export function Health({ ready }) {
  return html`<span class=${"health " + (ready ? "good" : "bad")}><span aria-hidden="true">${ready ? "●" : "✕"}</span> ${t(ready ? "ready" : "stopped")}</span>`;
}

/** A response code, with a sign for whether it is an answer. */
export function Code({ code, name }) {
  if (code === null || code === undefined) return html`<span class="code bad"><span aria-hidden="true">✕</span> ${t("no_answer")}</span>`;
  const kind = code === 1 ? "good" : code === 302 || code === 303 ? "referral" : "bad";
  return html`<span class=${"code " + kind}><span aria-hidden="true">${{ good: "✓", referral: "→", bad: "✕" }[kind]}</span> ${code} ${name}</span>`;
}

/** What is being done, and what went wrong with it: [busy, error, run(function)]. */
export function useDoing() {
  const [busy, set_busy] = useState(false);
  const [error, set_error] = useState("");
  const run = useCallback(async (work) => {
    set_busy(true);
    set_error("");
    try {
      return await work();
    } catch (problem) {
      set_error(problem.message === "unreachable" ? t("console_gone") : problem.message);
      return null;
    } finally {
      set_busy(false);
    }
  }, []);
  return [busy, error, run];
}

/** What went wrong. */
export const Problem = ({ words }) => html`<div role="alert">${words && html`<p class="problem"><span aria-hidden="true">✕</span> ${words}</p>`}</div>`;

/** The data of a value, in a line of text. */
export function data_text(data) {
  const value = data !== null && typeof data === "object" ? data.value : data;
  const words = typeof value === "string" ? value : JSON.stringify(value);
  return data && (data.format === "base64" || data.format === "hex") ? `${words} (${data.format})` : words;
}

const LONG = 160; // characters; what is longer is folded away

/** The same, folded if it is long. */
export function Data({ data }) {
  const words = data_text(data);
  return words.length <= LONG ? words : html`<details><summary>${words.slice(0, LONG)} …</summary>${words.slice(LONG)}</details>`;
}

/** The values of a record. */
export function Values({ values, caption }) {
  return html`<div class="wide" tabindex="0" role="region" aria-label=${caption}><table>
    <caption>${caption}</caption>
    <thead><tr><th scope="col" class="number">${t("value.index")}</th><th scope="col">${t("value.type")}</th><th scope="col">${t("value.data")}</th><th scope="col" class="number">TTL</th></tr></thead>
    <tbody>${values.map((each) => html`<tr><td class="number">${each.index}</td><td class="type">${each.type}</td><td class="data"><${Data} data=${each.data} /></td><td class="number">${each.ttl}</td></tr>`)}</tbody>
  </table></div>`;
}
