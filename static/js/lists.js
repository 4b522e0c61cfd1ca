/* Lists: filters that send themselves, picking of rows, looking for a word in a long page. */

const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const words = document.getElementById("words")?.dataset ?? {};

// Filters: a change is sent at once; typed text by Enter or the button. Empty ones stay out of the address.

for (const form of all("form[data-filters]")) {
  const toggle = form.querySelector("[data-filters-toggle]");
  toggle?.addEventListener("click", () => toggle.setAttribute("aria-expanded", String(form.classList.toggle("is-open"))));
  form.addEventListener("change", (event) => {
    if (event.target.matches("select:not([multiple]), [type=checkbox], [type=radio], [type=date]")) form.requestSubmit();
  });
  form.addEventListener("submit", () => {
    for (const field of form.elements) if (field.name && !field.value) field.disabled = true; // an empty list of choices has no value either
  });
  window.addEventListener("pageshow", () => { for (const field of form.elements) field.disabled = false; });
}

// A few values: boxes in a menu instead of a list box. Closing the menu sends what was changed.

for (const select of all("select[data-few]")) {
  const label = document.querySelector(`label[for="${select.id}"]`)?.textContent.trim() ?? select.name;
  const menu = Object.assign(document.createElement("details"), { className: "menu few" });
  const summary = document.createElement("summary");
  const sheet = Object.assign(document.createElement("div"), { className: "menu-sheet" });
  const chosen = () => [...select.selectedOptions].map((option) => option.text);
  const show = () => {
    const names = chosen();
    summary.textContent = names.length > 1 ? `${names[0]} +${names.length - 1}` : names[0] ?? words.all;
    summary.setAttribute("aria-label", `${label}: ${names.join(", ") || words.all}`);
  };
  for (const option of select.options) {
    const line = document.createElement("label");
    const box = Object.assign(document.createElement("input"), { type: "checkbox", checked: option.selected });
    box.addEventListener("change", (event) => { event.stopPropagation(); option.selected = box.checked; show(); });
    line.append(box, option.text);
    sheet.append(line);
  }
  const before = chosen().join();
  menu.addEventListener("toggle", () => { if (!menu.open && chosen().join() !== before) select.form?.requestSubmit(); });
  document.addEventListener("click", (event) => { if (menu.open && !menu.contains(event.target)) menu.open = false; });
  menu.addEventListener("keydown", (event) => { if (event.key === "Escape") { menu.open = false; summary.focus(); } });
  menu.append(summary, sheet);
  select.after(menu);
  show();
}

// Picking of rows: the bar with steps comes along when one is picked.

for (const form of all("form[data-bulk-form]")) {
  const bar = form.querySelector("[data-bulk]");
  const count = form.querySelector("[data-bulk-count]");
  const masters = all("[data-pick-all]", form);
  const told = count.textContent;
  const boxes = all("input[name=ids]", form);
  const show = () => {
    const picked = boxes.filter((box) => box.checked).length;
    for (const box of boxes) box.closest("tr")?.classList.toggle("is-picked", box.checked);
    bar.classList.toggle("is-open", picked > 0);
    count.textContent = picked ? `${words.selected} ${picked}` : told;
    for (const master of masters) { master.checked = picked > 0 && picked === boxes.length; master.indeterminate = picked > 0 && picked < boxes.length; }
  };
  for (const master of masters) master.addEventListener("change", () => { for (const box of boxes) box.checked = master.checked; show(); });
  // Nothing picked: the buttons wait; the first box is shown the way.
  form.addEventListener("submit", (event) => {
    if (boxes.some((box) => box.checked)) return;
    event.preventDefault();
    boxes[0]?.focus();
  });
  form.addEventListener("change", (event) => { if (event.target.name === "ids") show(); });
  window.addEventListener("pageshow", show);
  show();
}

// Find as you type: hides what does not hold all typed words. Groups left empty are hidden too.

for (const field of all("[data-find]")) {
  const scope = document.getElementById(field.dataset.find);
  if (!scope) continue;
  const items = all("[data-find-item]", scope).map((node) => ({ node, text: node.textContent.toLocaleLowerCase("kk") }));
  const groups = all("[data-find-group]", scope);
  const told = document.querySelector("[data-find-told]");
  const look = () => {
    const wanted = field.value.toLocaleLowerCase("kk").split(/\s+/).filter(Boolean);
    let found = 0;
    for (const { node, text } of items) {
      node.hidden = !wanted.every((word) => text.includes(word));
      if (!node.hidden) found += 1;
    }
    for (const group of groups) group.hidden = !group.querySelector("[data-find-item]:not([hidden])");
    if (told) told.textContent = wanted.length ? (found ? `${words.found} ${found}` : words.none) : "";
  };
  field.addEventListener("input", look);
  field.form?.addEventListener("submit", (event) => event.preventDefault());
  look();
}

// The contents of a long page show where one is.

const entries = new Map(all(".toc a[href^='#']").map((link) => [link.hash.slice(1), link]));
if (entries.size && "IntersectionObserver" in window) {
  const watcher = new IntersectionObserver((seen) => {
    for (const { target, isIntersecting } of seen) {
      if (!isIntersecting) continue;
      for (const link of entries.values()) link.removeAttribute("aria-current");
      entries.get(target.id)?.setAttribute("aria-current", "true");
    }
  }, { rootMargin: "-15% 0px -75% 0px" });
  for (const id of entries.keys()) { const part = document.getElementById(id); if (part) watcher.observe(part); }
}
