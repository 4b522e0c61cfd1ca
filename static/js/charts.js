/* Charts: the value of a point in a small box, by pointer or by keyboard. Without this file points keep their <title>. */

for (const box of document.querySelectorAll("[data-chart]")) {
  const said = Object.assign(document.createElement("div"), { className: "chart-said", hidden: true });
  said.setAttribute("role", "status");
  box.append(said);
  let at = null;

  for (const title of box.querySelectorAll(".chart-point > title")) title.remove(); // or two boxes would show

  const hide = () => { at?.classList.remove("is-at"); at = null; said.hidden = true; };

  const show = (point) => {
    if (at !== point) { at?.classList.remove("is-at"); at = point; point.classList.add("is-at"); said.textContent = point.dataset.said; }
    said.hidden = false;
    const picture = point.ownerSVGElement;
    const frame = picture.getBoundingClientRect();
    const scale = frame.width / picture.viewBox.baseVal.width;
    const x = point.dataset.x * scale;
    const y = point.dataset.y * scale;
    said.style.left = `${Math.max(0, Math.min(x - said.offsetWidth / 2, frame.width - said.offsetWidth))}px`;
    const above = y - said.offsetHeight - 16;
    said.style.top = `${above > -8 ? above : y + 16}px`;
  };

  const points = () => [...box.querySelectorAll(".chart-point")].filter((point) => point.getClientRects().length);

  box.addEventListener("pointerover", (event) => { const point = event.target.closest(".chart-point"); if (point) show(point); });
  box.addEventListener("pointerleave", hide);
  box.addEventListener("pointerdown", (event) => { if (!event.target.closest(".chart-point")) hide(); });

  // Keyboard: one stop for the whole picture, arrows go from point to point; points that lead somewhere are links of their own.
  box.tabIndex = 0;
  box.setAttribute("role", "group");
  box.setAttribute("aria-label", box.dataset.chart);
  box.addEventListener("focusin", (event) => { const point = event.target.querySelector?.(".chart-point"); if (event.target !== box && point) show(point); });
  box.addEventListener("focusout", (event) => { if (!box.contains(event.relatedTarget)) hide(); });
  box.addEventListener("keydown", (event) => {
    const way = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape") hide();
    if (!way || event.target !== box) return;
    event.preventDefault();
    const all = points();
    const place = all.indexOf(at);
    show(all[place < 0 ? (way > 0 ? 0 : all.length - 1) : (place + way + all.length) % all.length]);
  });
}
