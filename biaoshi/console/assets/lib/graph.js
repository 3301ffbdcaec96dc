// The network as a picture, by Cytoscape: tiers as columns (rows on a narrow screen), or, where they are many, as rings.
// It is for eyes only; the table of nodes says the same to everybody else.

import cytoscape from "/assets/vendor/cytoscape.esm.min.mjs";
import { html, useEffect, useRef, useState } from "/assets/lib/html.js";
import { milliseconds, rate, t } from "/assets/lib/words.js";

export const TIERS = ["recursive", "root", "national", "secondary", "enterprise"];
export const CLIENT = "client";
const MANY = 40; // nodes; beyond it, names are no longer readable side by side
const NARROW = 560; // px
const BOX = { width: 124, height: 50 };
const GAP = 18; // px between boxes
const RINGS = { root: 0, national: 110, secondary: 225, enterprise: 350, recursive: 450 };
const DOTS = { root: 36, national: 30, secondary: 11, enterprise: 8, recursive: 20 };
const SHAPES = { root: "diamond", national: "hexagon", secondary: "round-rectangle", enterprise: "ellipse", recursive: "round-triangle" };

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
export const short = (node) => (node.name.startsWith(node.tier + "-") && node.tier !== "recursive" && node.tier !== "root" ? node.name.slice(node.tier.length + 1) : node.name);

// -- where everybody stands -------------------------------------------------------------------------------------------

// Whoever answers stands in the order of delegation; whoever asks stands beside, so that no question hides behind a node.
function columns(nodes, width) {
  const lanes = TIERS.slice(1).map((tier) => nodes.filter((node) => node.tier === tier)).filter((lane) => lane.length);
  const asking = [{ name: CLIENT }, ...nodes.filter((node) => node.tier === "recursive")];
  const narrow = width < NARROW, places = {}, headings = [];
  const heading = (tier, x, y) => headings.push({ id: "heading-" + tier, tier, x, y });
  const beside = narrow ? width * 0.29 : 0; // on a narrow screen whoever asks stands on the left
  const wide = Math.min(BOX.width, narrow ? beside - 8 : width / lanes.length - GAP);
  const row = (several, y, from, to) => several.forEach((node, index) => { places[node.name] = { x: from + ((to - from) * (index + 0.5)) / several.length, y }; });
  let y = 14;
  if (narrow) {
    for (const lane of lanes) {
      heading(lane[0].tier, (beside + width) / 2, y);
      y += 18 + BOX.height / 2;
      for (let first = 0; first < lane.length; first += 2) { row(lane.slice(first, first + 2), y, beside, width); y += BOX.height + 10; }
      y += 16 - BOX.height / 2;
    }
    asking.forEach((node, index) => { places[node.name] = { x: beside / 2, y: Math.max(y / 2, (asking.length * (BOX.height + 40)) / 2) + (index - (asking.length - 1) / 2) * (BOX.height + 40) }; });
    return { places, headings, wide, tall: y };
  }
  const tallest = Math.max(...lanes.map((lane) => lane.length)), room = Math.max(0, innerHeight - 460);
  const gap = Math.max(BOX.height + GAP, Math.min(BOX.height * 2, room / Math.max(tallest, 3)));
  const middle = 40 + (Math.max(tallest, 3) * gap) / 2;
  lanes.forEach((lane, number) => {
    const x = (width / lanes.length) * (number + 0.5);
    heading(lane[0].tier, x, y);
    lane.forEach((node, index) => { places[node.name] = { x, y: middle + (index - (lane.length - 1) / 2) * gap }; });
  });
  y = middle * 2 - 40 + 62;
  heading("recursive", (width * 0.62) / 2 + width * 0.19, y - BOX.height / 2 - 12);
  row(asking.slice(0, 1), y, 0, width * 0.19);
  row(asking.slice(1), y, width * 0.19, width * 0.81);
  return { places, headings, wide, tall: y + BOX.height / 2 + 16 };
}

function rings(nodes) {
  const children = new Map(nodes.map((node) => [node.name, []]));
  const tops = [];
  for (const node of nodes) {
    const parent = node.parents.find((name) => children.has(name));
    if (parent) children.get(parent).push(node); else if (node.tier !== "recursive") tops.push(node);
  }
  const weight = new Map();
  const weigh = (node) => { const own = Math.max(1, children.get(node.name).reduce((sum, each) => sum + weigh(each), 0)); weight.set(node.name, own); return own; };
  const whole = tops.reduce((sum, node) => sum + weigh(node), 0) || 1;
  const places = {};
  const put = (node, from, to) => {
    const angle = (from + to) / 2, radius = RINGS[node.tier] || (tops.length > 1 ? 34 : 0);
    places[node.name] = { x: radius * Math.cos(angle), y: radius * Math.sin(angle) };
    let at = from;
    for (const child of children.get(node.name)) { const part = ((to - from) * weight.get(child.name)) / Math.max(1, children.get(node.name).reduce((sum, each) => sum + weight.get(each.name), 0)); put(child, at, at + part); at += part; }
  };
  let at = -Math.PI / 2;
  for (const node of tops) { const part = (2 * Math.PI * weight.get(node.name)) / whole; put(node, at, at + part); at += part; }
  // Few, and mirrors of each other: evenly round, whoever delegates to how many. So stand those who ask, outside.
  for (const [tier, radius] of [["root", nodes.filter((node) => node.tier === "root").length > 1 ? 44 : 0], ["national", RINGS.national], ["recursive", RINGS.recursive]]) {
    const ring = nodes.filter((node) => node.tier === tier);
    ring.forEach((node, index) => { const turn = Math.PI * (tier === "root" ? 1 : -0.5) + (2 * Math.PI * (index + (tier === "root" ? 0 : 0.5))) / ring.length; places[node.name] = { x: radius * Math.cos(turn), y: radius * Math.sin(turn) }; });
  }
  places[CLIENT] = { x: -RINGS.recursive + 10, y: -RINGS.recursive + 30 };
  return { places, headings: [], wide: 0, tall: 0 };
}

// -- how it looks -----------------------------------------------------------------------------------------------------

function style(many, wide) {
  const text = colour("--text"), card = colour("--card"), quiet = colour("--quiet"), bad = colour("--bad"), accent = colour("--accent");
  const font = { "font-family": "system-ui, 'Noto Sans CJK SC', sans-serif", color: text };
  return [
    { selector: "node", style: { ...font, "background-color": card, "border-width": 2, "border-color": quiet, label: "data(label)", "font-size": 12, "text-wrap": "wrap", "line-height": 1.35, "text-valign": "center", "overlay-opacity": 0, "z-index-compare": "manual", "z-index": 10 } },
    many
      ? { selector: "node[tier]", style: { shape: "data(shape)", width: "data(size)", height: "data(size)", "text-valign": "bottom", "text-margin-y": 3, "font-size": 17, "border-width": 1.5, "text-outline-color": card, "text-outline-width": 2 } }
      : { selector: "node[tier]", style: { shape: "round-rectangle", width: wide, height: BOX.height, "text-max-width": wide - 8 } },
    ...TIERS.map((tier) => ({ selector: `node[tier = "${tier}"]`, style: { "border-color": colour("--tier-" + tier), ...(many ? { "background-color": colour("--tier-" + tier) } : {}) } })),
    { selector: "node.client", style: { "font-size": many ? 17 : 12, shape: "round-rectangle", width: many ? 78 : Math.min(78, wide), height: 34, "border-style": "dashed", "text-valign": "center", "text-margin-y": 0 } },
    { selector: "node.heading", style: { width: 1, height: 1, "background-opacity": 0, "border-width": 0, "font-size": 12, "font-weight": "bold", color: quiet, events: "no" } },
    { selector: "node.stopped", style: { "border-color": bad, "border-style": "dashed", "border-width": 3, color: bad, ...(many ? { "background-color": card, shape: "rectangle", width: 16, height: 16 } : {}) } },
    { selector: "node.quiet", style: { opacity: 0.35 } },
    { selector: "node.lit", style: { "border-width": 4, "border-color": accent, opacity: 1, "z-index": 20, } },
    ...(many ? [{ selector: "node.lit[tier]", style: { width: 24, height: 24, label: "data(full)" } }] : []),
    { selector: "node.chosen", style: { "outline-width": 3, "outline-color": accent, "outline-offset": 3 } },
    { selector: "edge", style: { width: many ? 0.6 : 1.2, "line-color": colour("--edge"), "curve-style": many ? "haystack" : "bezier", "overlay-opacity": 0, events: "no", "z-index-compare": "manual", "z-index": 1 } },
    { selector: "edge.hop", style: { ...font, width: many ? 3 : 2.5, "line-color": accent, "target-arrow-color": accent, "target-arrow-shape": "triangle", "curve-style": "unbundled-bezier", "control-point-distances": many ? 30 : 24, "control-point-weights": 0.5, label: "data(label)", "font-size": many ? 18 : 13, "font-weight": "bold", "text-background-color": card, "text-background-opacity": 0.95, "text-background-padding": 3, "text-background-shape": "round-rectangle", "z-index-compare": "manual", "z-index": 30 } },
    { selector: "edge.waiting", style: { "line-style": "dashed" } },
    { selector: "edge.silent", style: { "line-color": bad, "target-arrow-color": bad, "line-style": "dashed", color: bad } },
    { selector: "edge.past", style: { opacity: 0.55 } },
  ];
}

const known = (name) => (name === "console" ? CLIENT : name);

export function Graph({ layout, picture, hops, chosen, choose, theme, language }) {
  const place = useRef();
  const drawn = useRef(null);
  const [size, set_size] = useState(null);

  useEffect(() => {
    const watch = new ResizeObserver(([entry]) => {
      const width = Math.round(entry.contentRect.width);
      set_size((before) => (before && Math.abs(before - width) < 12 ? before : width));
    });
    watch.observe(place.current);
    return () => watch.disconnect();
  }, []);

  const many = layout.nodes.length > MANY;
  useEffect(() => {
    if (!size) return undefined;
    const stand = many ? rings(layout.nodes) : columns(layout.nodes, size);
    place.current.style.height = (many ? Math.min(720, Math.max(340, size)) : Math.round(stand.tall)) + "px";
    // Rings say who stands below the national nodes; a hundred lines through the middle would say it worse.
    const tier_of = new Map(layout.nodes.map((node) => [node.name, node.tier]));
    const elements = [
      ...layout.nodes.map((node) => ({ data: { id: node.name, tier: node.tier, full: node.name, label: "", shape: SHAPES[node.tier], size: DOTS[node.tier] }, position: stand.places[node.name] })),
      { data: { id: CLIENT, label: t("client") }, classes: "client", position: stand.places[CLIENT] },
      ...stand.headings.map((each) => ({ data: { id: each.id, label: t("tier." + each.tier) }, classes: "heading", position: { x: each.x, y: each.y } })),
      ...layout.nodes.flatMap((node) => node.parents.filter((name) => stand.places[name] && !(many && tier_of.get(name) === "national")).map((name) => ({ data: { id: name + " > " + node.name, source: name, target: node.name } }))),
    ];
    const cy = cytoscape({
      container: place.current, elements, style: style(many, stand.wide), layout: { name: "preset" },
      userZoomingEnabled: many, userPanningEnabled: many, boxSelectionEnabled: false, autoungrabify: true, autounselectify: true, minZoom: 0.2, maxZoom: 6, wheelSensitivity: 0.3,
    });
    if (many) cy.fit(undefined, 16);
    else { cy.zoom(1); cy.pan({ x: 0, y: 0 }); }
    cy.on("tap", "node[tier]", (event) => choose(event.target.id()));
    cy.on("mouseover", "node[tier]", () => { place.current.style.cursor = "pointer"; });
    cy.on("mouseout", "node[tier]", () => { place.current.style.cursor = ""; });
    drawn.current = cy;
    place.current.cytoscape = cy; // for whoever tests what is drawn
    return () => { cy.destroy(); drawn.current = null; };
  }, [layout, size, theme, language]);

  useEffect(() => {
    const cy = drawn.current;
    if (!cy || !picture) return;
    cy.batch(() => {
      for (const node of layout.nodes) {
        const now = picture.nodes[node.name], drawing = cy.getElementById(node.name);
        const stopped = !now || !now.ready;
        drawing.toggleClass("stopped", stopped);
        if (many) {
          drawing.data("size", DOTS[node.tier] * (1 + Math.min(1.2, Math.log10(1 + (now?.rate || 0)) / 3)));
          drawing.data("label", node.tier === "root" || node.tier === "national" ? short(node) : stopped ? "✕ " + short(node) : "");
        } else {
          const second = stopped ? "✕ " + t("stopped") : now.struck ? t("struck", { rate: rate(now.struck) }) : now.rate ? rate(now.rate) + (size < NARROW ? "" : " · " + milliseconds(now.p99_ms)) : "· · ·";
          drawing.data("label", short(node) + "\n" + second);
        }
      }
    });
  }, [picture, layout, size, theme, language]);

  useEffect(() => {
    const cy = drawn.current;
    if (!cy) return;
    cy.batch(() => {
      cy.remove("edge.hop");
      cy.nodes().removeClass("lit quiet");
      if (many && hops.length) cy.nodes("[tier]").addClass("quiet");
      hops.forEach((hop, index) => {
        const from = cy.getElementById(known(hop.from)), to = cy.getElementById(known(hop.to));
        if (!from.length || !to.length) return;
        from.addClass("lit").removeClass("quiet");
        to.addClass("lit").removeClass("quiet");
        const kind = hop.waiting ? "waiting" : hop.code === null ? "silent" : "";
        cy.add({ data: { id: "hop-" + index, source: from.id(), target: to.id(), label: String(hop.number) + (hop.waiting ? "" : hop.code === null ? " ✕" : " ✓") }, classes: "hop " + kind + (index < hops.length - 1 ? " past" : "") });
      });
    });
  }, [hops, layout, size, theme, language]);

  useEffect(() => {
    drawn.current?.nodes().removeClass("chosen");
    if (chosen) drawn.current?.getElementById(chosen).addClass("chosen");
  }, [chosen, layout, size, theme, language]);

  return html`<div class="graph" id="graph" ref=${place} aria-hidden="true"></div>`;
}
