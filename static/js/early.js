/* Runs before the first paint, so that nothing jumps: marks that script is there, sets the look
   chosen on this device (cookie "theme"; the server may read it too) and the collapsed menu. */
(function () {
  var root = document.documentElement;
  root.classList.add("js");
  var theme = document.cookie.match(/(?:^|; )theme=(auto|light|dark|contrast)/);
  if (theme) root.dataset.theme = theme[1];
  try {
    if (localStorage.getItem("menu") === "small") root.classList.add("side-small");
  } catch (error) { /* storage is switched off: the menu stays wide */ }
})();
