/* The page around the page: drawer, collapsed menu, search key, look, menus, messages, questions
   before dangerous steps, and figures that arrive later. Everything works without it, only less well. */

const root = document.documentElement;
const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const words = document.getElementById("words")?.dataset ?? {};

// The drawer (phone). Without script its button is a link to #menu.

const drawer = document.getElementById("menu");
const opener = document.querySelector("[data-menu-open]");

function moveDrawer(open) {
  if (!drawer || !opener) return;
  drawer.classList.toggle("is-open", open);
  for (const part of all(".top, main, .foot")) part.inert = open; // keyboard and reader stay in the drawer
  opener.setAttribute("aria-expanded", String(open));
  if (open) drawer.querySelector("a").focus();
  else opener.focus();
}

opener?.addEventListener("click", (event) => { event.preventDefault(); moveDrawer(!drawer.classList.contains("is-open")); });
opener?.addEventListener("keydown", (event) => { if (event.key === " ") { event.preventDefault(); opener.click(); } });
window.matchMedia("(min-width: 1024px)").addEventListener("change", (wide) => { if (wide.matches && drawer?.classList.contains("is-open")) moveDrawer(false); });
for (const closer of all("[data-menu-close]")) {
  closer.addEventListener("click", (event) => { event.preventDefault(); moveDrawer(false); });
}

// The menu at the left, collapsed to icons; remembered on this device.

const collapse = document.querySelector("[data-menu-collapse]");
if (collapse) {
  const show = () => collapse.setAttribute("aria-pressed", String(root.classList.contains("side-small")));
  collapse.addEventListener("click", () => {
    const small = root.classList.toggle("side-small");
    try { localStorage.setItem("menu", small ? "small" : "wide"); } catch { /* not remembered */ }
    show();
  });
  show();
}

// Search: Ctrl-K from anywhere.

const search = document.querySelector("[data-search]");
document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.code === "KeyK" && search?.offsetParent) {
    event.preventDefault();
    search.focus();
    search.select();
  }
});

// Look: kept in a cookie, so that the server can print it into the page.

function setTheme(theme) {
  root.dataset.theme = theme;
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `theme=${theme}; path=/; max-age=31536000; samesite=lax${secure}`;
  showTheme();
}
function showTheme() {
  const theme = root.dataset.theme || "auto";
  for (const radio of all("[data-theme-switch] input")) radio.checked = radio.value === theme;
  for (const button of all("[data-contrast]")) button.setAttribute("aria-pressed", String(theme === "contrast"));
}
for (const radio of all("[data-theme-switch] input")) radio.addEventListener("change", () => setTheme(radio.value));
for (const button of all("[data-contrast]")) {
  button.addEventListener("click", () => setTheme(root.dataset.theme === "contrast" ? "auto" : "contrast"));
}
// The same choice in the person's own settings must not be overruled by an older cookie.
for (const form of all("form")) {
  if (form.getAttribute("method") === "post" && form.elements.theme) form.addEventListener("submit", () => setTheme(form.elements.theme.value));
}
showTheme();

// Menus under a button: one open at a time, closed by Esc and by a click elsewhere.

const menus = all("details[data-menu]");
document.addEventListener("click", (event) => {
  for (const menu of menus) if (menu.open && !menu.contains(event.target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const open = menus.find((menu) => menu.open);
  if (open) { open.open = false; open.querySelector("summary").focus(); }
  else if (drawer?.classList.contains("is-open")) moveDrawer(false);
});
for (const button of all("[data-print]")) button.addEventListener("click", () => window.print());

// Messages and errors.

document.addEventListener("click", (event) => {
  const closer = event.target.closest("[data-dismiss]");
  if (closer) { const box = closer.closest(".messages"); closer.closest(".note").remove(); box?.closest("main")?.focus(); }
});
document.querySelector("[data-errors]")?.focus();

// Buttons that are refused say why (by aria-describedby) and do nothing.

document.addEventListener("click", (event) => {
  if (event.target.closest("[aria-disabled='true']")) event.preventDefault();
}, true);

// A question before a dangerous step.

const ask = document.getElementById("ask");
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!ask?.showModal || !form.dataset?.confirm || form.dataset.confirmed) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const yes = ask.querySelector("[value=yes]");
  ask.querySelector("#ask-text").textContent = form.dataset.confirm;
  if (form.dataset.confirmYes) yes.textContent = form.dataset.confirmYes;
  ask.returnValue = "no";
  ask.addEventListener("close", () => {
    if (ask.returnValue !== "yes") return;
    form.dataset.confirmed = "1";
    form.requestSubmit(event.submitter ?? undefined);
  }, { once: true });
  ask.showModal();
}, true);

// A link to one part, copied.

document.addEventListener("click", async (event) => {
  const link = event.target.closest("[data-copy-link]");
  if (!link || !navigator.clipboard) return;
  event.preventDefault();
  await navigator.clipboard.writeText(new URL(link.getAttribute("href"), location.href).href);
  history.replaceState(null, "", link.getAttribute("href"));
  tell(words.copied);
});

export function tell(text) {
  const line = document.createElement("div");
  line.className = "note note--success said";
  line.textContent = text;
  document.querySelector(".messages").append(line);
  setTimeout(() => line.remove(), 3000);
}

// Figures that arrive after the page: the count of a register, the progress of a paper.

async function get(url) {
  const answer = await fetch(url, { headers: { Accept: "application/json", "X-Requested-With": "fetch" }, credentials: "same-origin" });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}

for (const place of all("[data-count-url]")) {
  get(place.dataset.countUrl).then((data) => { place.textContent = data.count; }, () => { /* the page is whole without it */ });
}

// Answers {progress: 0–100, state: {code, label}, done: true|false}. When done, the page is read anew: it then has the link.
function poll(place, wait) {
  setTimeout(async () => {
    try {
      const data = await get(place.dataset.pollUrl);
      const bar = place.querySelector("progress");
      if (bar) bar.value = data.progress ?? 0;
      const text = place.querySelector("[data-poll-text]");
      if (text) text.textContent = `${data.progress ?? 0} %`;
      if (data.done) { location.reload(); return; }
      poll(place, Math.min(wait * 1.3, 10000));
    } catch { poll(place, Math.min(wait * 2, 30000)); }
  }, wait);
}
for (const place of all("[data-poll-url]")) poll(place, 1500);
