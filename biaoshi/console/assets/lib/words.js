// Words in the reader's language. One file for each, words/en.js and words/zh.js, with the same keys (a test compares).

import en from "/assets/words/en.js";
import zh from "/assets/words/zh.js";
import fields from "/assets/words/fields.zh.js";

const BOOKS = { en, zh };
export const LANGUAGES = { en: "en", zh: "zh-CN" };
const PLACE = "biaoshi-language";

let language = localStorage.getItem(PLACE);
if (!(language in BOOKS)) language = (navigator.languages || ["en"]).some((each) => each.startsWith("zh")) &&
  !navigator.languages[0].startsWith("en") ? "zh" : "en";

export const current = () => language;

export function choose(wanted) {
  language = wanted;
  localStorage.setItem(PLACE, wanted);
}

/** The words of a key, {name} filled in. */
export function t(key, filled = {}) {
  const words = BOOKS[language][key] ?? key;
  return words.replace(/\{(\w+)\}/g, (all, name) => (name in filled ? String(filled[name]) : all));
}

/** Words that exist for some keys only; else the fallback. */
export const t_or = (key, fallback) => BOOKS[language][key] ?? fallback;

/** What a field of a packet is called in Chinese, beside its name; nothing in English. */
export function field_words(name) {
  if (language !== "zh") return "";
  const [, whole, counted] = /^(.*?)(?: (length|count))?$/.exec(name);
  return fields[name] ?? (fields[whole] && counted ? fields[whole] + { length: "长度", count: "数" }[counted] : "");
}

const formats = {};
function format(digits) {
  const key = language + digits;
  formats[key] ??= new Intl.NumberFormat(LANGUAGES[language], { maximumFractionDigits: digits });
  return formats[key];
}

/** A number as people read it: 12,345 or 0.43. */
export function number(value, digits) {
  if (value === null || value === undefined) return "–";
  return format(digits ?? (Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2)).format(value);
}

export const rate = (value) => (value === null || value === undefined ? "–" : number(value) + "/s");
export const milliseconds = (value) => (value === null || value === undefined ? "–" : number(value) + " ms");
export const percent = (value) => (value === null || value === undefined ? "–" : number(value * 100, 1) + " %");
