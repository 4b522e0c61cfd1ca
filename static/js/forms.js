/* Forms: nothing typed is lost, nothing is sent twice, long lists can be searched, files can be dropped. */

const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const words = document.getElementById("words")?.dataset ?? {};
const make = (tag, className, text) => Object.assign(document.createElement(tag), { className, textContent: text ?? "" });

// What is typed: without secrets, files and what the server hides in the form (one-time keys, revisions).

const kept = (form) => [...new FormData(form)].filter(([name, value]) => typeof value === "string" && name !== "csrfmiddlewaretoken" && !["password", "hidden"].includes(form.elements[name]?.type));
const asText = (form) => JSON.stringify(kept(form));
const language = document.documentElement.lang;
const clock = (time) => new Date(time).toLocaleTimeString(language, { hour: "2-digit", minute: "2-digit" });

// Drafts live in localStorage under draft:<key>; the page after a success names the key to forget.

const store = {
  get(key) { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } },
  set(key, value) { try { localStorage.setItem(key, JSON.stringify(value)); return true; } catch { return false; } },
  drop(key) { try { localStorage.removeItem(key); } catch { /* nothing was kept */ } },
};
const forget = document.querySelector("meta[name=draft-clear]")?.content;
if (forget) store.drop(`draft:${forget}`);
const MONTH = 30 * 24 * 3600 * 1000;
try {
  for (const key of Object.keys(localStorage)) {
    if (key.startsWith("draft:") && !(Date.now() - store.get(key)?.time < MONTH)) store.drop(key);
  }
} catch { /* storage is switched off */ }

function fill(form, entries) {
  const names = new Set(entries.map(([name]) => name));
  for (const field of form.elements) {
    if (!field.name || field.type === "file" || field.type === "password" || field.name === "csrfmiddlewaretoken") continue;
    const values = entries.filter(([name]) => name === field.name).map(([, value]) => value);
    if (field.type === "checkbox" || field.type === "radio") field.checked = values.includes(field.value);
    else if (field.multiple) for (const option of field.options) option.selected = values.includes(option.value);
    else if (names.has(field.name) && field.type !== "hidden") field.value = values[0];
    field.dispatchEvent(new Event("restore"));
  }
}

for (const form of all("form[data-draft-key]")) {
  const key = `draft:${form.dataset.draftKey}`;
  const told = form.querySelector("[data-draft-told]");
  // After an error the server gives back what was sent: that is newer than the draft.
  const returned = Boolean(form.querySelector("[data-errors]"));
  if (returned) store.set(key, { time: Date.now(), entries: kept(form) });
  const draft = store.get(key);
  if (draft && !returned && JSON.stringify(draft.entries) !== asText(form)) offer(form, key, draft);
  let timer;
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      const time = Date.now();
      if (store.set(key, { time, entries: kept(form) }) && told) told.textContent = `${words.draftKept} ${clock(time)}`;
    }, 600);
  });
}

function offer(form, key, draft) {
  const note = make("div", "note note--plain");
  const body = make("div", "row-line");
  const restore = make("button", "btn btn-small", words.draftRestore);
  const drop = make("button", "btn btn-small btn-plain", words.draftDrop);
  restore.type = drop.type = "button";
  restore.dataset.draftUse = "";
  body.append(make("span", "", `${words.draft} ${new Date(draft.time).toLocaleString(language, { dateStyle: "medium", timeStyle: "short" })}.`), restore, drop);
  note.append(body);
  form.prepend(note);
  restore.addEventListener("click", () => { fill(form, draft.entries); note.remove(); form.dispatchEvent(new Event("input")); form.querySelector("input:not([type=hidden]), textarea, select")?.focus(); });
  drop.addEventListener("click", () => { store.drop(key); note.remove(); });
}

// Leaving with typed text warns; what came back with an error or a refusal is typed text from the start.

let leaving = false;
const guarded = all("form[data-guard]").map((form) => ({ form, before: document.querySelector("main [role=alert]") ? null : asText(form) }));
window.addEventListener("beforeunload", (event) => {
  if (!leaving && guarded.some(({ form, before }) => form.isConnected && !form.dataset.login && asText(form) !== before)) event.preventDefault();
});

// One press sends once; coming back to the page (or waiting long for a file) wakes the buttons again.

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.getAttribute("method") !== "post") return;
  if (form.dataset.sent) { event.preventDefault(); return; }
  form.dataset.sent = "1";
  leaving = true;
  event.submitter?.classList.add("is-busy");
  setTimeout(() => wake(form), 20000);
});
function wake(form) {
  delete form.dataset.sent;
  delete form.dataset.confirmed;
  leaving = false;
  for (const button of all(".is-busy", form)) button.classList.remove("is-busy");
}
window.addEventListener("pageshow", (event) => { if (event.persisted) all("form[data-sent]").forEach(wake); });

// Demo accounts: a press fills the form and signs in.

document.addEventListener("click", (event) => {
  const account = event.target.closest("[data-demo-account]")?.dataset.demoAccount;
  const form = account && document.querySelector("form[data-login]");
  if (!form) return;
  form.elements.login.value = account;
  form.elements.password.value = "demo";
  form.requestSubmit();
});

// Files: dragged onto the box, and told with size before they are sent.

for (const box of all("[data-drop]")) {
  const input = box.querySelector("input[type=file]");
  const hint = make("p", "drop-hint");
  hint.setAttribute("aria-live", "polite");
  box.append(hint);
  const show = () => {
    const files = [...input.files];
    const big = files.find((file) => box.dataset.maxSize && file.size > Number(box.dataset.maxSize));
    hint.textContent = big ? `${words.tooBig} ${big.name}` : files.length ? `${words.files} ${files.map((file) => `${file.name} (${(file.size / 1048576).toFixed(1)} MB)`).join(", ")}` : "";
    hint.classList.toggle("wrong", Boolean(big));
  };
  input.addEventListener("change", show);
  for (const name of ["dragover", "dragleave", "drop"]) {
    box.addEventListener(name, (event) => {
      event.preventDefault();
      box.classList.toggle("is-over", name === "dragover");
      if (name === "drop" && event.dataTransfer.files.length) { input.files = event.dataTransfer.files; input.dispatchEvent(new Event("change", { bubbles: true })); }
    });
  }
}

// The picker: a search field over a long <select data-picker>. The select stays, hidden, and carries the value.

const LONG = 12;
for (const select of all("select[data-picker]")) if (select.options.length > LONG) enhance(select);

function enhance(select) {
  const id = `${select.id || select.name}-picker`;
  const label = document.querySelector(`label[for="${select.id}"]`);
  const box = make("div", "picker control");
  const input = Object.assign(make("input", ""), { type: "text", id, autocomplete: "off", placeholder: words.type ?? "" });
  const list = Object.assign(make("ul", "picker-list"), { id: `${id}-list`, hidden: true });
  const chosen = make("ul", "picker-chosen");
  let at = -1;

  input.setAttribute("role", "combobox");
  input.setAttribute("aria-expanded", "false");
  input.setAttribute("aria-controls", list.id);
  input.setAttribute("aria-autocomplete", "list");
  for (const name of ["aria-describedby", "aria-invalid"]) if (select.hasAttribute(name)) input.setAttribute(name, select.getAttribute(name));
  if (select.required) input.setAttribute("aria-required", "true");
  list.setAttribute("role", "listbox");
  if (label) { label.htmlFor = id; label.id ||= `${id}-label`; list.setAttribute("aria-labelledby", label.id); }
  box.append(input, list);
  if (select.multiple) box.append(chosen);
  select.hidden = true;
  select.required = false;
  select.after(box);

  const options = () => [...list.querySelectorAll("[role=option]")];
  const show = () => {
    if (!select.multiple) { input.value = select.value ? select.selectedOptions[0]?.text ?? "" : ""; return; }
    input.value = "";
    chosen.replaceChildren(...[...select.selectedOptions].map((option) => {
      const line = make("li", "");
      const chip = make("button", "chip", `${option.text} ×`);
      chip.type = "button";
      chip.setAttribute("aria-label", `${words.remove} ${option.text}`);
      chip.addEventListener("click", () => { option.selected = false; changed(); input.focus(); });
      line.append(chip);
      return line;
    }));
  };
  const changed = () => { show(); select.dispatchEvent(new Event("change", { bubbles: true })); select.dispatchEvent(new Event("input", { bubbles: true })); };
  const close = () => { list.hidden = true; at = -1; input.setAttribute("aria-expanded", "false"); input.removeAttribute("aria-activedescendant"); };
  const open = (text) => {
    const wanted = text.toLocaleLowerCase("kk").split(/\s+/).filter(Boolean);
    const fits = [...select.options].filter((option) => option.value && !(select.multiple && option.selected) && wanted.every((word) => option.text.toLocaleLowerCase("kk").includes(word)));
    list.replaceChildren(...fits.slice(0, 60).map((option, index) => {
      const line = Object.assign(make("li", "", option.text), { id: `${id}-${index}` });
      line.setAttribute("role", "option");
      line.setAttribute("aria-selected", String(option.selected));
      line.addEventListener("mousedown", (event) => { event.preventDefault(); choose(option); });
      line.option = option;
      return line;
    }));
    if (!fits.length) { const none = make("li", "picker-none", words.none); none.setAttribute("role", "option"); none.setAttribute("aria-disabled", "true"); list.append(none); }
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
    move(fits.length && text ? 0 : -1);
  };
  const move = (to) => {
    const lines = options().filter((line) => line.option);
    lines[at]?.classList.remove("is-at");
    at = to >= 0 && lines.length ? to % lines.length : -1;
    if (at < 0) { input.removeAttribute("aria-activedescendant"); return; }
    lines[at].classList.add("is-at");
    lines[at].scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", lines[at].id);
  };
  const choose = (option) => {
    if (select.multiple) option.selected = true;
    else select.value = option.value;
    close();
    changed();
  };

  input.addEventListener("focus", () => input.select());
  input.addEventListener("click", () => { if (list.hidden) open(""); });
  input.addEventListener("input", (event) => { event.stopPropagation(); open(input.value); });
  input.addEventListener("blur", () => {
    close();
    if (!select.multiple && !input.value && select.querySelector("option[value='']")) { if (select.value) { select.value = ""; changed(); } }
    else show();
  });
  input.addEventListener("keydown", (event) => {
    const lines = options().filter((line) => line.option);
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) open("");
      const step = event.key === "ArrowDown" ? 1 : -1;
      move(at < 0 ? (step > 0 ? 0 : lines.length - 1) : (at + step + lines.length) % lines.length);
    } else if (event.key === "Enter" && !list.hidden) {
      event.preventDefault();
      if (lines[at]) choose(lines[at].option);
    } else if (event.key === "Escape" && !list.hidden) {
      event.stopPropagation();
      close();
      show();
    }
  });
  select.addEventListener("restore", show);
  show();
}
