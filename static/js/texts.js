/* Review of texts by keyboard: inside a text 1, 2, 3 choose, Ctrl+Enter saves; the masked text is in sight where it is wanted. */

for (const form of document.querySelectorAll("form[data-review]")) {
  const radios = (card) => [...card.querySelectorAll("input[type=radio]")];
  const show = (card) => {
    const mask = card.querySelector("[data-mask]");
    mask.hidden = !radios(card).some((radio) => radio.checked && radio.value === mask.dataset.mask);
  };
  for (const card of form.querySelectorAll("[data-card]")) {
    show(card);
    card.addEventListener("change", () => show(card));
    card.addEventListener("keydown", (event) => {
      if (event.ctrlKey && event.key === "Enter") { event.preventDefault(); form.requestSubmit(); return; }
      if (event.ctrlKey || event.altKey || event.metaKey || event.target.matches("textarea")) return;
      const radio = ["1", "2", "3"].includes(event.key) && radios(card)[Number(event.key) - 1];
      if (!radio) return;
      event.preventDefault();
      radio.checked = true;
      radio.focus();
      radio.dispatchEvent(new Event("change", { bubbles: true }));
    });
  }
}
