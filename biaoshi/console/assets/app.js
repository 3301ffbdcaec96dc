// The console's page: what everybody sees on the left, what one does on the right.
// State that several views share lives here; each view is a file in views/.

import { html, render, useCallback, useEffect, useMemo, useState } from "/assets/lib/html.js";
import { get, listen, may_change } from "/assets/lib/api.js";
import { LANGUAGES, choose as choose_language, current, t } from "/assets/lib/words.js";
import { Picture } from "/assets/views/picture.js";
import { Resolve } from "/assets/views/resolve.js";
import { Steps } from "/assets/views/steps.js";
import { Load } from "/assets/views/load.js";
import { Faults } from "/assets/views/faults.js";
import { Nodes } from "/assets/views/nodes.js";
import { NodePage } from "/assets/views/node.js";

const VIEWS = { resolve: Resolve, steps: Steps, load: Load, faults: Faults, nodes: Nodes, node: NodePage };
const TABS = ["resolve", "steps", "load", "faults", "nodes"];
const THEMES = ["auto", "light", "dark"];
const SIGNS = { auto: "◐", light: "☀", dark: "☾" };
const PLACE = "biaoshi-theme";

function route_now() {
  const [view, ...rest] = location.hash.replace(/^#\//, "").split("/");
  return { view: view in VIEWS ? view : "resolve", name: decodeURIComponent(rest.join("/")) };
}

function useTheme() {
  const [theme, set] = useState(THEMES.includes(localStorage.getItem(PLACE)) ? localStorage.getItem(PLACE) : "auto");
  const [system, set_system] = useState(matchMedia("(prefers-color-scheme: dark)").matches);
  useEffect(() => {
    const media = matchMedia("(prefers-color-scheme: dark)");
    const hear = () => set_system(media.matches);
    media.addEventListener("change", hear);
    return () => media.removeEventListener("change", hear);
  }, []);
  document.documentElement.dataset.theme = theme === "auto" ? (system ? "dark" : "light") : theme;
  const next = () => { const wanted = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length]; localStorage.setItem(PLACE, wanted); set(wanted); };
  return [theme, document.documentElement.dataset.theme, next];
}

function App() {
  const [language, set_language] = useState(current());
  const [theme, shown_theme, next_theme] = useTheme();
  const [route, set_route] = useState(route_now());
  const [layout, set_layout] = useState(null);
  const [picture, set_picture] = useState(null);
  const [connected, set_connected] = useState(true);
  const [may, set_may] = useState(true);
  const [faults, set_faults] = useState({ faults: [], kinds: {} });
  const [load, set_load] = useState({ state: "idle", points: [], workloads: [], arrivals: [] });
  const [hops, set_hops] = useState([]);

  const fetch_layout = useCallback(() => get("/api/network").then(set_layout, () => set_layout(null)), []);
  const fetch_load = useCallback(() => get("/api/load").then(set_load, () => {}), []);
  const fetch_faults = useCallback(() => get("/api/faults").then(set_faults, () => {}), []);

  useEffect(() => {
    may_change().then(set_may);
    const hear = () => set_route(route_now());
    addEventListener("hashchange", hear);
    const leave = listen({
      picture: set_picture,
      faults: (now) => set_faults((before) => ({ ...before, faults: now })),
      load: () => fetch_load(),
      load_point: (point) => set_load((before) => ({ ...before, state: "running", points: [...before.points, point] })),
    }, (now) => { set_connected(now); if (now) { fetch_load(); fetch_faults(); } });
    return () => { removeEventListener("hashchange", hear); leave(); };
  }, []);

  const started = picture && picture.running ? picture.started : null;
  useEffect(() => { fetch_layout(); fetch_faults(); set_hops([]); }, [started]);
  useEffect(() => {
    document.documentElement.lang = LANGUAGES[language];
    document.title = t("title") + (layout ? " · " + layout.network : "");
  }, [language, layout]);

  const go = useCallback((path) => { location.hash = "#/" + path; }, []);
  const shared = { layout, picture, faults, load, may, language, theme: shown_theme, go, hops, set_hops, fetch_faults, fetch_load, name: route.name };
  const View = VIEWS[route.view];
  const turn = () => { const wanted = language === "en" ? "zh" : "en"; choose_language(wanted); set_language(wanted); };
  const tab = route.view === "node" ? "nodes" : route.view;

  return html`
    <a class="skip" href="#panel" onClick=${(event) => { event.preventDefault(); document.getElementById("panel").focus(); }}>${t("skip")}</a>
    <header class="top">
      <h1>${t("title")}${layout && html` <small>${layout.network}</small>`}</h1>
      <p class="state" role="status">${!connected ? html`<span class="bad">✕ ${t("console_gone")}</span>` : picture && !picture.running ? html`<span class="bad">✕ ${t("no_network")}</span>` : picture && html`<span class=${picture.ready ? "good" : "bad"}>${picture.ready ? "● " + t("all_ready") : "✕ " + t("not_all_ready")}</span>`}</p>
      <div class="switches">
        <button type="button" class="plain" id="language" onClick=${turn} lang=${language === "en" ? "zh-CN" : "en"}>${language === "en" ? "中文" : "English"}</button>
        <button type="button" class="plain" id="theme" onClick=${next_theme}><span aria-hidden="true">${SIGNS[theme]}</span> ${t("theme." + theme)}</button>
      </div>
    </header>
    ${!may && html`<p class="notice" id="look-only">${t("look_only")}</p>`}
    ${picture && !picture.running && html`<p class="notice">${picture.words}</p>`}
    <main class="page">
      <section class="left" aria-label=${t("picture")}>${layout ? html`<${Picture} ...${shared} />` : html`<p class="loading">${t("waiting_for_network")}</p>`}</section>
      <section class="right" id="panel" tabindex="-1" aria-label=${t("tab." + tab)}>
        <nav class="tabs" aria-label=${t("views")}>${TABS.map((each) => html`<a href=${"#/" + each} id=${"tab-" + each} aria-current=${each === tab ? "page" : null}>${t("tab." + each)}</a>`)}</nav>
        ${layout && html`<${View} key=${route.view + route.name} ...${shared} />`}
      </section>
    </main>`;
}

const place = document.getElementById("app");
place.textContent = "";
render(html`<${App} />`, place);
