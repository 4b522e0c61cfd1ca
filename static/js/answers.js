/* Answers on evaluation areas: each is saved while one types. What is not saved is kept on this device and said to be so. */

const PAUSE = 1500;
const AGAIN = [5000, 15000, 30000];
const MONTH = 30 * 24 * 3600 * 1000;
const NAMES = ["score", "comment", "strong", "improve"];

const box = document.querySelector("[data-answers]");
const say = (key) => box.dataset[`word${key}`];
const live = document.querySelector("[data-live]");
const make = (tag, className, text) => Object.assign(document.createElement(tag), { className, textContent: text ?? "" });
const store = {
  get(key) { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } },
  set(key, value) { try { localStorage.setItem(key, JSON.stringify(value)); } catch { /* storage is full or switched off */ } },
  drop(key) { try { localStorage.removeItem(key); } catch { /* nothing was kept */ } },
};

/* Signing in again, in another window too, makes a new token: the one that the page was made with would be refused. */
const token = () => document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1];

function sending(form) {
  const data = new FormData(form);
  if (token()) data.set("csrfmiddlewaretoken", token());
  return data;
}

const areas = box ? [...box.querySelectorAll("form[data-typing]")].map(area) : [];

function area(form) {
  const article = form.closest("[data-answer]");
  const told = form.querySelector("[data-told]");
  const clash = form.querySelector("[data-conflict]");
  const key = `answer:${box.dataset.person}:${article.dataset.answer}`;
  const values = () => Object.fromEntries(NAMES.map((name) => [name, new FormData(form).get(name) ?? ""]));
  const same = (one, other) => NAMES.every((name) => one[name].replace(/\r\n/g, "\n") === other[name].replace(/\r\n/g, "\n"));
  const my = { dirty: false, stuck: false, sending: false, saved: values(), tries: 0, timer: 0 };

  const tell = (text, lost = false) => { told.textContent = text; told.classList.toggle("is-lost", lost); };
  const later = (pause) => { clearTimeout(my.timer); my.timer = setTimeout(send, pause); };
  const keep = () => store.set(key, { time: Date.now(), revision: form.elements.revision.value, values: values() });
  const fill = (words) => { for (const name of NAMES) form.elements[name].value = words[name]; };

  function typed(pause) {
    my.dirty = !same(values(), my.saved);
    if (!my.dirty) { clearTimeout(my.timer); store.drop(key); tell(""); return; }
    my.stuck = Boolean(clash.firstChild);
    keep();
    tell(say("Typing"));
    if (!my.stuck) later(pause);
  }

  async function send() {
    clearTimeout(my.timer);
    if (my.sending || my.stuck || !my.dirty) return;
    const sent = values();
    my.sending = true;
    tell(say("Saving"));
    let answer = null;
    let body = null;
    try {
      answer = await fetch(form.action, { method: "POST", body: sending(form), headers: { Accept: "application/json" }, credentials: "same-origin" });
      body = await answer.json();
    } catch { /* no connection, or a page instead of an answer: see below */ }
    my.sending = false;
    if (answer?.ok && body && !answer.redirected) { done(sent, body); return; }
    if (!answer || answer.status >= 500) { again(); return; }
    my.stuck = true;
    if (answer.status === 404) { refused(say("Gone")); return; }
    if (!body || answer.redirected) { refused(say("SignedOut")); return; }
    refused(body.detail);
    if (body.stands) both(body);
  }

  function done(sent, body) {
    my.saved = sent;
    my.tries = 0;
    form.elements.revision.value = body.revision;
    my.dirty = !same(values(), sent);
    if (my.dirty) { keep(); later(PAUSE); } else store.drop(key);
    article.querySelector("[data-errors]")?.remove();
    tell(body.saved_at);
    live.textContent = body.saved_at;
    warn(body.warnings);
    count(body.progress);
  }

  function refused(text) {
    tell(text, true);
    live.textContent = text;
  }

  function again() {
    refused(say("Lost"));
    later(AGAIN[Math.min(my.tries, AGAIN.length - 1)]);
    my.tries += 1;
  }

  function warn(texts) {
    const list = article.querySelector("[data-doubts]");
    const blank = box.querySelector("template[data-doubt]").content.firstElementChild;
    list.replaceChildren(...texts.map((text) => {
      const line = blank.cloneNode(true);
      line.querySelector("span").textContent = text;
      return line;
    }));
  }

  /* Somebody else wrote meanwhile: both versions are shown, and the person chooses. */
  function both(body) {
    const note = make("div", "note note--error");
    const inside = make("div", "answer-both");
    const list = make("dl", "facts facts--stacked");
    for (const name of NAMES) {
      const label = form.elements[name].labels ? form.elements[name].labels[0]?.firstChild.textContent : form.querySelector("legend").firstChild.textContent;
      const text = name === "score" ? body.stands.score_label : body.stands[name];
      list.append(make("dt", "", label), make("dd", "", text || say("Empty")));
    }
    const buttons = make("div", "row-line");
    const mine = make("button", "btn btn-small", say("Keep"));
    const theirs = make("button", "btn btn-small", say("Take"));
    mine.type = theirs.type = "button";
    const settle = () => { clash.replaceChildren(); my.stuck = false; form.elements.revision.value = body.revision; my.saved = Object.fromEntries(NAMES.map((name) => [name, body.stands[name]])); };
    mine.addEventListener("click", () => { settle(); my.dirty = true; form.elements.comment.focus(); send(); });
    theirs.addEventListener("click", () => { settle(); fill(body.stands); my.dirty = false; store.drop(key); tell(""); form.elements.comment.focus(); });
    buttons.append(mine, theirs);
    inside.append(make("b", "", say("Stands")), list, buttons); // the sentence stands above, beside "Save"
    note.append(inside);
    clash.replaceChildren(note);
  }

  form.addEventListener("input", (event) => typed(event.target.type === "radio" ? 150 : PAUSE));
  form.addEventListener("change", () => { if (my.dirty) later(150); });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (clash.firstChild) { clash.querySelector("button").focus(); return; }
    my.dirty = !same(values(), my.saved);
    my.stuck = false;
    my.tries = 0;
    if (my.dirty) send();
  });

  const left = store.get(key);
  const returned = article.querySelector("[data-errors]");
  if (returned) {
    my.saved = { score: "", comment: "", strong: "", improve: "" };
    my.dirty = my.stuck = true;
  } else if (left && Date.now() - left.time < MONTH && !same(left.values, my.saved)) {
    fill(left.values);
    form.elements.revision.value = left.revision;
    my.dirty = true;
    tell(say("Restored"));
    later(300);
  } else store.drop(key);

  return { my, send, retry: () => { if (my.dirty && !clash.firstChild && !article.querySelector("[data-errors]")) { my.stuck = false; send(); } } };
}

function count(progress) {
  if (!progress.all) return;
  const bar = document.querySelector("[data-progress]");
  bar.max = progress.all.total;
  bar.value = progress.all.answered;
  document.querySelector("[data-answered]").textContent = progress.all.answered;
  for (const place of box.querySelectorAll("[data-answered-of]")) {
    const one = progress.standards[place.dataset.answeredOf];
    if (one) place.textContent = one.answered;
  }
}

if (areas.length) {
  window.addEventListener("online", () => areas.forEach((one) => one.retry()));
  document.addEventListener("visibilitychange", () => areas.forEach((one) => (document.hidden ? one.send() : one.retry())));
  window.addEventListener("beforeunload", (event) => { if (areas.some((one) => one.my.dirty)) event.preventDefault(); });
}
