/* The grid of values: arrows and Enter move between cells, only changed cells are sent, their number is said beside the button. */

for (const form of document.querySelectorAll("form[data-grid]")) {
  const inputs = [...form.querySelectorAll("input[data-was]")];
  const count = form.querySelector("[data-grid-count]");
  const changed = () => inputs.filter((input) => input.value.trim() !== input.dataset.was);
  const show = () => {
    const number = changed().length;
    count.textContent = String(number);
    count.parentElement.hidden = !number;
  };

  const across = (input, rows) => {
    const cell = input.closest("td"), row = input.closest("tr");
    const place = [...row.cells].indexOf(cell), kind = input.name[0];
    const all = [...row.parentElement.rows], target = all[all.indexOf(row) + rows];
    const next = target?.cells[place]?.querySelector(`input[name^="${kind}:"]`);
    next?.focus();
    next?.select();
    return Boolean(next);
  };
  form.addEventListener("keydown", (event) => {
    if (!event.target.matches("input[data-was]")) return;
    const rows = { ArrowDown: 1, Enter: 1, ArrowUp: -1 }[event.key];
    if (rows && (across(event.target, rows) || event.key === "Enter")) event.preventDefault();
  });
  form.addEventListener("input", show);
  // A year of sixty units has more inputs than a form may send: cells that stand as they stood stay at home.
  form.addEventListener("submit", () => { for (const input of inputs) input.disabled = input.value.trim() === input.dataset.was; });
  window.addEventListener("pageshow", () => { for (const input of inputs) input.disabled = false; });
  show();
}
