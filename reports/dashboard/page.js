// Reads the levers of the page into the text of a link, asks for the answer, and shows it as it comes.
// All words and all markup come from the server; nothing is fetched from another host.
"use strict";

const page = document.body.dataset;
const one = (what, within = document) => within.querySelector(what);
const all = (what, within = document) => [...within.querySelectorAll(what)];
const levers = all(".lever");
const state = { answer: "", turn: -1, futures: 0, asked: 0, tab: "fans" };

// ---- levers ---------------------------------------------------------------------

const number = (lever, name) => Number(lever.dataset[name]);
const written = (value) => String(Number(value.toPrecision(6)));

function show(lever) {
  const value = number(lever, "value");
  const slide = one(".slide", lever), exact = one(".exact", lever);
  if (slide.type === "checkbox") slide.checked = value > 0;
  else if (Number(slide.value) !== value) slide.value = value;
  if (exact && document.activeElement !== exact) exact.value = written(value / number(lever, "divisor"));
  lever.classList.toggle("moved", value !== number(lever, "own"));
}

function put(lever, value) {
  lever.dataset.value = Math.min(number(lever, "high"), Math.max(number(lever, "low"), value));
  show(lever);
  later();
}

function count() {
  let sum = 0;
  for (const project of all(".project")) {
    const moved = all(".lever.moved", project).length, badge = one(".count", project);
    badge.textContent = moved;
    badge.hidden = !moved;
    sum += moved;
  }
  one("#moved").textContent = page.changed.replace("#", sum);
  one("#moved").hidden = one("#reset").hidden = !sum;
}

function query() {
  const fields = new URLSearchParams();
  fields.set("scenario", one("#scenario").value);
  const overlays = all(".overlay:checked").map((box) => box.value);
  if (overlays.length) fields.set("overlays", overlays.join("+"));
  for (const name of ["province", "belief", "seed"]) fields.set(name, one(`#${name}`).value);
  fields.set("lang", page.lang);
  for (const lever of levers) {
    if (number(lever, "value") !== number(lever, "own")) fields.set(lever.dataset.lever, lever.dataset.value);
  }
  return fields.toString();
}

// ---- asking ---------------------------------------------------------------------

let waiting = 0;

function later() {
  count();
  one("#cards").classList.add("stale");
  clearTimeout(waiting);
  waiting = setTimeout(ask, 150);
}

function problem(text) {
  one("#problem").hidden = !text;
  one("#problem").textContent = text ? page.refused + page.colon + text : "";
}

async function ask() {
  const mine = ++state.asked;
  let said;
  try {
    const reply = await fetch(`ask?lang=${page.lang}`, { method: "POST", body: query(), headers: { "X-User": page.user } });
    said = await reply.json();
  } catch {
    return lost(ask);
  }
  if (mine !== state.asked) return;
  if (said.problem) {
    problem(said.problem);
    return;
  }
  problem("");
  if (said.answer !== state.answer) Object.assign(state, { answer: said.answer, futures: 0 });
  state.turn = -1;
  history.replaceState(null, "", `?${said.link}`);
  const other = new URLSearchParams(said.link);
  other.set("lang", page.lang === "zh" ? "en" : "zh");
  one("#language").href = `?${other}`;
  for (const place of all("[data-task] b")) place.textContent = said.declared[place.parentNode.dataset.task] ?? said.declared.none;
  one("#declared").textContent = said.declared.all;
  follow(mine);
}

function lost(again) {
  one("#status").textContent = page.lost;
  setTimeout(again, 2000);
}

async function follow(mine) {
  while (mine === state.asked) {
    let news;
    try {
      const asked = new URLSearchParams({ turn: state.turn, futures: state.futures, lang: page.lang });
      const reply = await fetch(`answers/${state.answer}?${asked}`, { headers: { "X-User": page.user } });
      news = await reply.json();
    } catch {
      return lost(ask);
    }
    if (mine !== state.asked) return;
    if (news.problem) {
      problem(news.problem);
      one("#status").textContent = "";
      return;
    }
    state.turn = news.turn;
    one("#status").textContent = news.status;
    one("#progress").value = news.share;
    one("#progress").hidden = news.share >= 1;
    if (news.cards) {
      state.futures = news.futures;
      one("#cards").innerHTML = news.cards;
      one("#cards").classList.remove("stale");
      one("#cards").dataset.futures = news.futures;
      one("#reading").innerHTML = news.reading;
      for (const link of all("#downloads a")) link.href = `answers/${state.answer}/${link.dataset.file}?lang=${page.lang}`;
      picture();
    }
    if (news.futures && news.futures === state.futures) one("#cards").classList.remove("stale");
    if (news.share >= 1) await new Promise((done) => setTimeout(done, 15000)); // it is there: only say so
  }
}

// ---- tabs -----------------------------------------------------------------------

function address() {
  if (state.tab === "ranking") return `ranking/${one("#ranking").value}.svg?lang=${page.lang}`;
  const drawn = state.tab === "cities" ? 0 : state.futures;
  return `answers/${state.answer}/figures/${state.tab}.svg?lang=${page.lang}&futures=${drawn}`;
}

async function picture() {
  const panel = one(`[data-panel="${state.tab}"]`), image = one("img", panel);
  if (!image || !state.futures || image.dataset.shown === address()) return;
  const wanted = address(), wait = one(".wait", panel), wrong = one(".problem", panel);
  image.dataset.shown = wanted;
  wait.hidden = !image.hidden;
  wrong.hidden = true;
  const reply = await fetch(wanted, { headers: { "X-User": page.user } }).catch(() => null);
  if (image.dataset.shown !== wanted) return;
  wait.hidden = true;
  if (reply && reply.ok) {
    const old = image.src;
    image.src = URL.createObjectURL(await reply.blob());
    URL.revokeObjectURL(old);
    image.hidden = false;
  } else {
    image.hidden = true;
    wrong.hidden = false;
    wrong.textContent = reply ? (await reply.json()).problem : page.lost;
  }
}

function choose(tab) {
  state.tab = tab.dataset.tab;
  for (const other of all("[role=tab]")) other.setAttribute("aria-selected", String(other === tab));
  for (const panel of all(".panel")) panel.hidden = panel.dataset.panel !== state.tab;
  picture();
}

async function tell() {
  const panel = one('[data-panel="story"]'), place = one("#story");
  one(".wait", panel).hidden = false;
  place.textContent = "";
  const asked = new URLSearchParams({ future: one("#future").value, lang: page.lang });
  const reply = await fetch(`answers/${state.answer}/story?${asked}`, { headers: { "X-User": page.user } }).catch(() => null);
  one(".wait", panel).hidden = true;
  const said = reply ? await reply.json() : { problem: page.lost };
  if (said.problem) place.textContent = said.problem;
  else place.innerHTML = said.story;
}

// ---- what is pressed --------------------------------------------------------------

for (const lever of levers) {
  show(lever);
  const slide = one(".slide", lever), exact = one(".exact", lever);
  slide.addEventListener("input", () => put(lever, slide.type === "checkbox" ? Number(slide.checked) : Number(slide.value)));
  exact?.addEventListener("change", () => exact.value !== "" && put(lever, Number((Number(exact.value) * number(lever, "divisor")).toPrecision(12))));
  exact?.addEventListener("blur", () => show(lever));
  for (const button of all("[data-set]", lever)) button.addEventListener("click", () => put(lever, number(lever, button.dataset.set)));
}
// Another scenario, province or belief has other levels of its own: the page is made anew.
const anew = () => { location.search = query(); };
for (const chosen of all("#scenario, #province, #belief, #seed, .overlay")) chosen.addEventListener("change", anew);
one("#reset").addEventListener("click", () => { for (const lever of levers) put(lever, number(lever, "own")); });
for (const tab of all("[role=tab]")) tab.addEventListener("click", () => choose(tab));
one("#ranking")?.addEventListener("change", picture);
one("#tell").addEventListener("click", tell);
one("#copy").addEventListener("click", async () => {
  const words = one("#copy").textContent;
  await navigator.clipboard?.writeText(location.href).catch(() => {});
  one("#copy").textContent = page.copied;
  setTimeout(() => { one("#copy").textContent = words; }, 1500);
});
addEventListener("pageshow", (shown) => shown.persisted && ask());
addEventListener("pagehide", () => navigator.sendBeacon("leave", page.user));
count();
ask();
