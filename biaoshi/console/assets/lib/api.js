// Talking to the console's server. The token comes behind the # of the address, which no browser sends anywhere; it
// stays in this tab's storage, and leaves the address bar at once.

const PLACE = "biaoshi-token";
const brought = new URLSearchParams(location.hash.slice(1)).get("token");
if (brought) {
  sessionStorage.setItem(PLACE, brought);
  history.replaceState(null, "", location.pathname + "#/resolve");
}

async function ask(path, options) {
  let response;
  try {
    response = await fetch(path, { cache: "no-store", ...options });
  } catch {
    throw new Error("unreachable");
  }
  const said = await response.json().catch(() => ({ error: response.statusText }));
  if (!response.ok) throw new Error(said.error || response.statusText);
  return said;
}

export const get = (path) => ask(path);

export const post = (path, body = {}) => ask(path, {
  method: "POST",
  headers: { "Content-Type": "application/json", "X-Biaoshi-Token": sessionStorage.getItem(PLACE) || "" },
  body: JSON.stringify(body),
});

export const node_path = (name) => "/api/nodes/" + encodeURIComponent(name);

/** Whether this page may change anything. */
export async function may_change() {
  if (!sessionStorage.getItem(PLACE)) return false;
  return post("/api/token").then(() => true, () => false);
}

/** What happens, as it happens: {kind: function}. Hears nothing while the page is hidden, so that nobody is polled. */
export function listen(ears, connected) {
  let source = null;
  const open = () => {
    if (source || document.hidden) return;
    source = new EventSource("/api/events");
    source.onopen = () => connected(true);
    source.onerror = () => {
      connected(false);
      if (source && source.readyState === EventSource.CLOSED) { close(); setTimeout(open, 3000); }
    };
    for (const [kind, ear] of Object.entries(ears)) {
      source.addEventListener(kind, (event) => ear(JSON.parse(event.data)));
    }
  };
  const close = () => { if (source) source.close(); source = null; };
  const turn = () => (document.hidden ? close() : open());
  document.addEventListener("visibilitychange", turn);
  open();
  return () => { document.removeEventListener("visibilitychange", turn); close(); };
}
