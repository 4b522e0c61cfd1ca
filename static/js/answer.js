/* Answering a survey. What is typed stays in this tab (sessionStorage) until it is sent, and is forgotten then; the token
   of the letter is taken out of the address before anything else and travels in bodies only. All works without this script,
   as one long page. */

import { APART, shown, valueOf } from "./answer-rules.js";

const LONGEST = 4000;
const NEAR = 300;
const PATIENCE = 30000;
const TOKEN = "answer-token";
const DRAFT = "answer-draft:";
const AT = "answer-at"; // the draft of the survey looked at last

/* -- this tab's memory -- */

const memory = {
  get(key) { try { return sessionStorage.getItem(key); } catch { return null; } },
  set(key, value) { try { sessionStorage.setItem(key, value); return true; } catch { return false; } },
  drop(key) { try { sessionStorage.removeItem(key); } catch { /* nothing was kept */ } },
  keepOnly(owed) { try { for (const key of Object.keys(sessionStorage)) if (key.startsWith(DRAFT) && !owed.includes(key.slice(DRAFT.length))) sessionStorage.removeItem(key); } catch { /* nothing was kept */ } },
  forget() { try { for (const key of Object.keys(sessionStorage)) if (key === TOKEN || key === AT || key.startsWith(DRAFT)) sessionStorage.removeItem(key); } catch { /* nothing was kept */ } },
};

const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const make = (tag, className, text) => Object.assign(document.createElement(tag), { className, textContent: text ?? "" });
/* Signing in again, in another window too, makes a new one: that of the page would be refused. */
const csrf = () => document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1];

/* One POST; where the page has grown old, a new CSRF token is fetched and it is sent once more. */
async function send(url, data, accept) {
  const once = () => {
    if (csrf()) data.set("csrfmiddlewaretoken", csrf());
    return fetch(url, { method: "POST", body: data, headers: { Accept: accept }, credentials: "same-origin", redirect: "manual", cache: "no-store", signal: AbortSignal.timeout?.(PATIENCE) });
  };
  const answer = await once();
  if (answer.status !== 403) return answer;
  await fetch(url, { credentials: "same-origin", cache: "no-store" });
  return once();
}

/* The next page comes by POST into this one: so the browser's way back and "reload" meet no page that was posted. */
async function load(form, submitter) {
  const data = new URLSearchParams(new FormData(form));
  if (submitter?.name) data.append(submitter.name, submitter.value);
  let page = null;
  try { page = new DOMParser().parseFromString(await (await send(form.action, data, "text/html")).text(), "text/html"); } catch { return false; }
  const main = page.querySelector("main.answering-main");
  if (!main) return false;
  const deeper = main.querySelector("form[data-ask]") && !document.querySelector("form[data-ask]");
  document.documentElement.lang = page.documentElement.lang;
  document.title = page.title;
  for (const part of ["main", ".langs", ".foot"]) document.querySelector(part).replaceChildren(...page.querySelector(part).childNodes);
  if (deeper) history.pushState({ page: "page-first", depth: 0 }, "");
  window.scrollTo(0, 0);
  document.querySelector("main").focus({ preventScroll: true });
  begin();
  return true;
}

/* -- the letter's link: /answer/#<token> -- */

function enter() {
  const entry = document.querySelector("form[data-entry]");
  const listed = document.querySelector("form[data-list]");
  const linked = /^#?([0-9a-f]{32})$/i.exec(location.hash)?.[1];
  if (linked) {
    history.replaceState(null, "", location.pathname + location.search);
    if (linked !== memory.get(TOKEN)) memory.forget();
    memory.set(TOKEN, linked);
  }
  if (document.querySelector("[data-token-refused]")) memory.drop(TOKEN);
  for (const carried of all("[data-token]")) if (carried.dataset.token) memory.set(TOKEN, carried.dataset.token);
  for (const button of all("[data-leave]")) button.addEventListener("click", () => { memory.forget(); location.assign(location.pathname); });

  if (listed?.dataset.left === "0") memory.forget(); // nothing is owed: nothing is remembered
  else if (listed?.dataset.left && listed.dataset.token === (memory.get(TOKEN) ?? "")) memory.keepOnly(all("form input[name=invitation]").map((one) => one.value)); // drafts of what is closed or received go
  if (document.querySelector("div[data-thanks]")) memory.drop(memory.get(AT)); // received in a page of its own: without script, or once more after a lost reply
  const form = entry ?? (linked ? listed : null);
  const token = linked ?? memory.get(TOKEN);
  if (!form || !token || document.querySelector("[data-token-refused]")) return;
  let field = form.elements.token;
  if (!field) { field = Object.assign(make("input", ""), { type: "hidden", name: "token" }); form.append(field); }
  field.value = token;
  load(form).then((there) => { if (!there) form.submit(); });
}

/* -- one survey -- */

function ask(form) {
  const words = form.dataset;
  const pages = all("[data-ask-page]", form);
  const items = all("[data-item]", form).map((element) => ({ element, key: element.dataset.item, kind: element.dataset.kind, showIf: element.dataset.showIf ? JSON.parse(element.dataset.showIf) : null, required: "required" in element.dataset, page: element.closest("[data-ask-page]") }));
  const back = form.querySelector("[data-back]");
  const next = form.querySelector("[data-next]");
  const sender = form.querySelector("[data-send-button]");
  const last = form.querySelector("[data-last]");
  const told = form.querySelector("[data-told]");
  const live = form.querySelector("[data-live]");
  const problems = form.querySelector("[data-problems]");
  const key = words.draft ? DRAFT + words.draft : "";
  if (key) memory.set(AT, key);
  const my = { at: 0, sending: false, dirty: false, gone: false };

  const controls = (item) => all("input, textarea", item.element).filter((control) => control.name === `q.${item.key}`);
  const values = (item) => controls(item).filter((control) => (["radio", "checkbox"].includes(control.type) ? control.checked : true)).map((control) => control.value);
  const answers = () => Object.fromEntries(items.map((item) => [item.key, valueOf(item.kind, values(item))]).filter(([, value]) => value !== undefined));

  /* Conditions: hidden questions go from the page; what is in them is not sent. */
  function follow() {
    const keys = shown(items, answers());
    for (const item of items) {
      item.element.hidden = !keys.has(item.key);
      item.element.toggleAttribute("inert", item.element.hidden);
    }
    for (const battery of all("[data-battery]", form)) battery.hidden = all("[data-item]", battery).every((element) => element.hidden);
    for (const group of all(".battery-head", form)) group.hidden = group.parentElement.hidden;
  }
  const open = () => pages.filter((page) => "first" in page.dataset || all("[data-item]", page).some((element) => !element.hidden));

  function show(page, focus = true) {
    const there = open();
    const before = pages.slice(0, pages.indexOf(page) + 1);
    my.at = Math.max(0, there.findLastIndex((one) => before.includes(one))); // one that has nothing to ask: the one before it
    for (const one of pages) one.hidden = one !== there[my.at];
    const questions = there.filter((one) => !("first" in one.dataset));
    const number = questions.indexOf(there[my.at]) + 1;
    const meter = form.querySelector("[data-meter]");
    meter?.toggleAttribute("hidden", number === 0);
    const bar = meter?.querySelector("progress");
    if (bar) { bar.max = questions.length || 1; bar.value = number; }
    const said = form.querySelector("[data-page-number]");
    if (said) {
      const short = Object.assign(make("span", "", `${number} / ${questions.length}`), { ariaHidden: "true" });
      said.replaceChildren(short, make("span", "sr-only", `${words.wordPage ?? ""} ${number} ${words.wordOf ?? "/"} ${questions.length}`));
    }
    const end = my.at === there.length - 1;
    form.classList.toggle("is-first", number === 0);
    if (back) back.hidden = my.at === 0;
    if (next) next.hidden = end;
    if (sender) sender.hidden = !end;
    if (last) last.hidden = !end;
    if (!focus) return;
    window.scrollTo(0, 0);
    (there[my.at].querySelector("h2[tabindex]") ?? there[my.at]).focus({ preventScroll: true });
  }

  /* The browser's own way back leads from page to page; `depth` is how many of them lie behind. */
  const depth = () => history.state?.depth ?? 0;
  function go(step) {
    follow();
    const there = open();
    const page = there[Math.min(there.length - 1, Math.max(0, my.at + step))];
    problems?.querySelector("[data-restored]")?.remove();
    if (step > 0) {
      const wrong = look(there[my.at]);
      if (wrong) { wrong.focus(); return; }
    }
    show(page);
    if (step > 0) history.pushState({ page: page.id, depth: depth() + 1 }, "");
    else history.replaceState({ page: page.id, depth: depth() }, "");
    keep();
  }

  /* What is wrong on a page before it is left: needed and not answered, a text that is too long. The first place, or nothing. */
  function look(page) {
    let first = null;
    const now = answers();
    for (const item of items.filter((one) => one.page === page && !one.element.hidden)) {
      mark(item.key, item.required && !(item.key in now) ? words.wordNeeded : "");
      if (item.required && !(item.key in now)) first ??= item.element;
      for (const box of all("textarea[data-text]", item.element)) {
        if (length(box) <= LONGEST) continue;
        const remark = box.name.endsWith("#");
        if (remark) box.closest("details").open = true;
        mark(remark ? `${item.key}#` : item.key, (words.wordTooLong ?? "").replace("%(most)s", LONGEST));
        first ??= box;
      }
    }
    return first;
  }

  const length = (box) => [...box.value.trim()].length;
  function mark(name, sentence) {
    const remark = name.endsWith("#");
    const item = items.find((one) => one.key === name.replace(/#$/, ""));
    const place = item && document.getElementById(`${item.element.id}${remark ? "-remark" : ""}-wrong`);
    if (!place) return null;
    place.textContent = sentence ?? "";
    for (const control of all("input, textarea", item.element).filter((one) => one.name === `q.${name}` && !["radio", "checkbox"].includes(one.type))) control.setAttribute("aria-invalid", String(Boolean(sentence)));
    return item;
  }
  const clean = () => { for (const place of all("[data-wrong]", form)) place.textContent = ""; for (const one of all("[aria-invalid]", form)) one.removeAttribute("aria-invalid"); problems?.replaceChildren(); };

  /* Counters of texts. */
  function count(box) {
    const place = box.parentElement.querySelector("[data-counter]");
    const left = LONGEST - length(box);
    if (!place) return;
    place.textContent = left < LONGEST ? `${words.wordLeft ?? ""} ${left}` : "";
    place.classList.toggle("is-over", left < 0);
    if (live && left < NEAR && left % 50 === 0) live.textContent = place.textContent;
  }

  /* The draft: of this survey, in this tab. */
  const typed = () => [...new FormData(form)].filter(([name]) => name.startsWith("q."));
  function keep() {
    if (key && !my.gone) memory.set(key, JSON.stringify({ page: open()[my.at]?.id, entries: typed() }));
  }
  function fill(entries) {
    for (const control of all("input, textarea", form).filter((one) => one.name.startsWith("q."))) {
      const mine = entries.filter(([name]) => name === control.name).map(([, value]) => value);
      if (["radio", "checkbox"].includes(control.type)) control.checked = mine.includes(control.value);
      else {
        control.value = mine.find((value) => control.tagName === "TEXTAREA" || !APART.includes(value)) ?? "";
        if (control.value && control.closest("details")) control.closest("details").open = true;
      }
    }
  }
  function restore() {
    let draft = null;
    try { draft = JSON.parse(memory.get(key)); } catch { /* as if there were none */ }
    if (!draft?.entries) return null;
    fill(draft.entries);
    if (draft.entries.length && problems) {
      const note = make("div", "note note--plain");
      note.dataset.restored = "";
      const line = make("div", "row-line");
      const clear = make("button", "btn btn-small btn-plain ask-clear", words.wordClear);
      clear.type = "button";
      clear.addEventListener("click", () => { fill([]); memory.drop(key); note.remove(); my.dirty = false; follow(); for (const box of all("textarea[data-text]", form)) count(box); show(pages[0]); });
      line.append(make("span", "", words.wordRestored), clear);
      note.append(line);
      problems.append(note);
    }
    return document.getElementById(draft.page);
  }

  /* Sending: as often as one likes, the urn takes it once. */
  async function post() {
    const data = new URLSearchParams();
    const hidden = new Set(items.filter((item) => item.element.hidden).flatMap((item) => [`q.${item.key}`, `q.${item.key}#`]));
    for (const [name, value] of new FormData(form)) if (!hidden.has(name) && (value || !name.startsWith("q."))) data.append(name, value);
    data.set("do", "send");
    const answer = await send(form.action, data, "application/json");
    return { answer, body: await answer.json().catch(() => null) };
  }

  async function submit() {
    if (my.sending || my.gone) return;
    follow();
    for (const page of open()) {
      const wrong = look(page);
      if (wrong) { show(page, false); wrong.scrollIntoView({ block: "center" }); wrong.focus({ preventScroll: true }); return; }
    }
    my.sending = true;
    busy(true);
    tell("");
    live.textContent = words.wordSending;
    let found = null;
    try { found = await post(); } catch { /* no connection, or no answer in time */ }
    my.sending = false;
    busy(false);
    live.textContent = "";
    if (!found) { failed(words.wordLost); return; }
    const { answer, body } = found;
    if (body?.received) { received(body); return; }
    if (answer.status === 422 && body) { refused(body); return; }
    failed(body?.sentence ?? words.wordBroken);
  }

  const busy = (on) => { sender.classList.toggle("is-busy", on); sender.setAttribute("aria-disabled", String(on)); };
  function tell(sentence) {
    told.hidden = !sentence;
    told.querySelector("[data-told-words]").textContent = sentence;
  }
  function failed(sentence) {
    tell(sentence);
    sender.querySelector("span").textContent = words.wordAgain;
    sender.focus();
  }

  function received(body) {
    my.gone = true;
    my.dirty = false;
    memory.drop(key);
    const main = document.querySelector("main");
    main.replaceChildren(document.querySelector("template[data-thanks]").content.cloneNode(true));
    main.querySelector("[data-when-new]").hidden = Boolean(body.again);
    main.querySelector("[data-when-again]").hidden = !body.again;
    const head = all("h1", main).find((one) => one.offsetParent);
    document.title = document.title.replace(/^.*(?= · |$)/, () => head.textContent);
    document.querySelector(".langs").replaceChildren();
    if (!main.querySelector("form[data-list]")) memory.forget();
    history.replaceState(null, "", form.action.replace(/survey\/$/, ""));
    window.scrollTo(0, 0);
    head.focus({ preventScroll: true });
  }

  /* The server found something: each sentence to its question, all of them on top, and to the first. */
  function refused(body) {
    clean();
    const list = make("ul", "wrong-list");
    let first = null;
    for (const [name, sentence] of Object.entries(body.errors ?? {})) {
      const item = mark(name, sentence);
      if (!item) continue;
      first ??= item;
      if (name.endsWith("#")) item.element.querySelector("details").open = true;
      const line = make("li", "");
      const link = Object.assign(make("a", "", item.element.querySelector(".ask-text").textContent), { href: `#${item.element.id}` });
      link.addEventListener("click", (event) => { event.preventDefault(); show(item.page, false); item.element.scrollIntoView({ block: "center" }); item.element.focus({ preventScroll: true }); });
      line.append(link, `: ${sentence}`);
      list.append(line);
    }
    if (first) show(first.page, false);
    const note = make("div", "note note--error");
    note.setAttribute("role", "alert");
    note.tabIndex = -1;
    const inside = make("div", "");
    inside.append(make("b", "", list.children.length ? words.wordWrong : body.sentence));
    if (list.children.length) inside.append(list);
    note.append(inside);
    problems.append(note);
    window.scrollTo(0, 0);
    note.focus();
  }

  /* Chosen once more, a radio is taken back. A click comes from mouse, space bar and arrows alike. */
  const chosen = {};
  const remember = () => { for (const name of Object.keys(chosen)) delete chosen[name]; for (const radio of all("input[type=radio]:checked", form)) chosen[radio.name] = radio; };
  form.addEventListener("click", (event) => {
    const radio = event.target;
    if (radio.type !== "radio") return;
    if (chosen[radio.name] === radio) {
      radio.checked = false;
      delete chosen[radio.name];
      radio.dispatchEvent(new Event("change", { bubbles: true }));
    } else chosen[radio.name] = radio;
  });

  form.addEventListener("change", (event) => {
    const item = items.find((one) => one.element.contains(event.target));
    const box = event.target;
    if (item && box.type === "checkbox" && box.checked) { // an answer and "not applicable" exclude each other
      for (const other of controls(item)) {
        if (other === box || other.type !== "checkbox") continue;
        if ("apart" in box.dataset || "apart" in other.dataset) other.checked = false;
      }
      if ("apart" in box.dataset) for (const other of controls(item)) if (other.type === "text" || other.tagName === "TEXTAREA") other.value = "";
    }
    my.dirty = true;
    // A text changes when it is left, that is while "Next" is being pressed: the button must not move away under the finger.
    if (item && ["radio", "checkbox"].includes(box.type)) { mark(item.key, ""); follow(); }
    keep();
  });
  let timer;
  form.addEventListener("input", (event) => {
    my.dirty = true;
    const box = event.target;
    if (box.matches?.("textarea[data-text]")) count(box);
    const item = items.find((one) => one.element.contains(box));
    if (item && box.name && !["radio", "checkbox"].includes(box.type)) mark(box.name.slice(2), "");
    if (item && ["text", "textarea"].includes(box.type) && box.value.trim()) for (const other of controls(item)) if ("apart" in other.dataset) other.checked = false;
    clearTimeout(timer);
    timer = setTimeout(() => { follow(); keep(); }, 300);
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches("input[type=text]")) { event.preventDefault(); if (next && !next.hidden) go(1); }
  });
  back?.addEventListener("click", () => { if (depth() > 0) history.back(); else go(-1); });
  next?.addEventListener("click", () => go(1));
  window.addEventListener("popstate", (event) => {
    if (my.gone || !form.isConnected) return;
    if (!event.state?.page) { my.leaving = memory.get(key) !== null; keep(); location.reload(); return; } // before the questions: the list
    show(document.getElementById(event.state?.page ?? pages[0].id) ?? pages[0]);
    keep();
  });
  window.addEventListener("pagehide", () => { if (form.isConnected) keep(); });
  window.addEventListener("beforeunload", (event) => { if (form.isConnected && my.dirty && !my.gone && !my.leaving) event.preventDefault(); });

  /* Another language: what is typed stays here and only the words are fetched. Where the tab may keep nothing, it goes along. */
  for (const button of all("[data-language]")) {
    button.addEventListener("click", (event) => {
      if (!key) return;
      my.leaving = true;
      keep();
      if (memory.get(key) === null) return;
      event.preventDefault();
      const small = Object.assign(document.createElement("form"), { method: "post", action: form.action, hidden: true });
      for (const [name, value] of [...new FormData(form)].filter(([one]) => !one.startsWith("q.")).concat([["to", button.value]])) small.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
      document.body.append(small);
      load(small).then((there) => { if (!there) small.submit(); else small.remove(); });
    });
  }
  form.addEventListener("submit", (event) => {
    if (event.submitter?.name === "to") { my.leaving = true; return; }
    event.preventDefault();
    if (event.submitter === sender && "send" in words) submit();
  });

  const returned = Boolean(problems?.querySelector("[data-errors]"));
  const page = key && !returned ? restore() : null;
  remember();
  follow();
  for (const box of all("textarea[data-text]", form)) count(box);
  const wrong = all("[data-wrong]", form).find((place) => place.textContent.trim());
  form.classList.add("is-ready");
  const begin = wrong?.closest("[data-ask-page]") ?? page ?? pages[0];
  history.replaceState({ page: begin.id, depth: 0 }, "");
  show(begin, begin !== pages[0]);
  if (returned) problems.firstElementChild.focus();
}

function begin() {
  enter();
  for (const form of all("form[data-ask]")) ask(form);
}

begin();
window.addEventListener("hashchange", () => { if (location.hash.length === 33) enter(); });
// Back among pages whose questions are gone from here: the list knows what is still owed.
window.addEventListener("popstate", (event) => { if (event.state?.page && !document.querySelector("form[data-ask]")) location.reload(); });
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!document.body.matches(".answering")) return; // a preview among pages of the portal
  if (event.defaultPrevented || form.matches("[data-ask]") || form.getAttribute("method") !== "post") return;
  event.preventDefault();
  if (form.dataset.sent) return;
  form.dataset.sent = "1";
  load(form, event.submitter).then((there) => {
    if (there) return;
    if (event.submitter?.name) form.append(Object.assign(make("input", ""), { type: "hidden", name: event.submitter.name, value: event.submitter.value }));
    form.submit();
  });
});
