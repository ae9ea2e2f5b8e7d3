// Evaluates the emulator that stands in the page, and shows what it says. Nothing is fetched.
"use strict";

const data = JSON.parse(document.getElementById("data").textContent);
const one = (what, within = document) => within.querySelector(what);
const all = (what, within = document) => [...within.querySelectorAll(what)];
const { emulator, levers, plans, outputs } = data;
const STEPS = 100, DEGREES = 4, Z = 1.959963984540054;
const place = new Map(outputs.map((output, number) => [output.join("|"), number]));
const state = { lang: document.documentElement.dataset.lang, plan: 0, levels: [], path: 0 };
const word = (name, gaps = {}) =>
  data.words[state.lang][name].replace(/\{(\w+)\}/g, (whole, gap) => (gap in gaps ? gaps[gap] : whole));

// ---- the emulator ---------------------------------------------------------------

// Share of the way from no plan to a bound, whose square counts; and back, rounded as a search rounds.
function shareOf(lever, level) {
  const up = level >= lever.without, way = (up ? lever.high : lever.low) - lever.without;
  const share = way === 0 ? 0 : Math.sqrt(Math.min(1, Math.max(0, (level - lever.without) / way)));
  return up ? share : -share;
}
function levelOf(lever, share) {
  if (share === 0) return lever.without;
  const level = lever.without + share * share * ((share > 0 ? lever.high : lever.low) - lever.without);
  return lever.whole ? Math.round(level) : Number(level.toPrecision(4));
}
const lowest = (lever) => shareOf(lever, lever.low), highest = (lever) => shareOf(lever, lever.high);

function columnsOf(plan, levels) {
  const found = levers.map((lever, number) =>
    2 * (shareOf(lever, levels[number]) - lowest(lever)) / (highest(lever) - lowest(lever)) - 1);
  for (let other = 1; other < plans.length; other++) found.push(plan === other ? 1 : -1);
  return found;
}

// Outputs at a point, and the errors that are stated there.
function evaluate(plan, levels) {
  const known = columnsOf(plan, levels).map((x) => {
    const made = [1, x];
    for (let n = 1; n < DEGREES; n++) made.push(((2 * n + 1) * x * made[n] - n * made[n - 1]) / (n + 1));
    return made;
  });
  const away = emulator.terms.map((term, number) =>
    term.reduce((product, [column, degree]) => product * known[column][degree], 1) - emulator.means[number]);
  let spread = 1 + 1 / emulator.points;
  emulator.spread.forEach((row, first) => row.forEach((value, step) => {
    spread += (step ? 2 : 1) * value * away[first] * away[first + step];
  }));
  const leverage = Math.sqrt(Math.max(1, spread));
  return {
    values: emulator.constants.map((constant, output) =>
      emulator.slopes[output].reduce((sum, slope, number) => sum + slope * away[number], constant)),
    errors: emulator.errors.map((error) => error * leverage),
    run: false,
  };
}

// A plan as it is was run: its numbers are the runs' own.
function answer() {
  const asRun = plans.findIndex((plan, number) =>
    number === state.plan && plan.levels.every((level, lever) => level === state.levels[lever]));
  if (asRun < 0) return evaluate(state.plan, state.levels);
  return { values: plans[asRun].known, errors: outputs.map(() => 0), run: true };
}

// First decile, median, ninth decile, their errors, and whether the median's is too large to be shown.
function bandOf(found, id, kind, year) {
  const at = ["q10", "q50", "q90"].map((name) => place.get([id, kind, year, name].join("|")));
  const [low, middle, high] = at.map((number) => found.values[number]);
  const [below, error, above] = at.map((number) => found.errors[number]);
  const bottom = Math.min(low, middle), top = Math.max(high, middle);
  const floor = kind === "level" ? 0 : -Infinity;
  const past = kind === "level" && year < data.first_year;
  const wide = !past && error > data.third * (top - bottom);
  return {
    year, low: Math.max(floor, bottom), middle: Math.max(floor, middle), high: Math.max(floor, top), error: past ? 0 : error, wide,
    least: Math.max(floor, past ? bottom : Math.min(bottom - below, middle - error)),
    most: Math.max(floor, past ? top : Math.max(top + above, middle + error)),
  };
}

function chanceOf(found, target) {
  const number = place.get([target.id, "chance", target.year, "chance"].join("|"));
  const chance = Math.min(1, Math.max(0, found.values[number])), n = data.futures, error = found.errors[number];
  const centre = (2 * n * chance + Z * Z) / (2 * (n + Z * Z));
  const half = Z / (2 * (n + Z * Z)) * Math.sqrt(4 * n * chance * (1 - chance) + Z * Z);
  return { chance, low: Math.max(0, centre - half - error), high: Math.min(1, centre + half + error), wide: error > data.third };
}

const RANGES = [
  ["virtually_certain", 0.99, 1], ["exceptionally_unlikely", 0, 0.01], ["very_likely", 0.9, 1],
  ["very_unlikely", 0, 0.1], ["likely", 0.66, 1], ["unlikely", 0, 0.33], ["even", 0.33, 0.66],
  ["more_likely", 0.5, 1], ["more_unlikely", 0, 0.5],
];
const likelihood = ({ low, high }) =>
  (RANGES.find(([, least, most]) => least <= low && high <= most) ?? ["open"])[0];

// ---- numbers in words -----------------------------------------------------------

function written(value) {
  const size = Math.abs(value);
  if (size >= 999.5 || Number.isInteger(value)) return Math.round(value).toLocaleString("en-US");
  return value.toFixed(size >= 10 ? 1 : 2);
}
function scaleOf(unit, largest) {
  return data.units[unit][state.lang].find(([from]) => Math.abs(largest) >= from);
}
function amounts(values, unit, signs) {
  const [, divisor, label] = scaleOf(unit, Math.max(...values.map(Math.abs)));
  const texts = values.map((value) => (signs && value > 0 ? "+" : "") + written(value / divisor));
  return { texts, label: label && ` ${label}` };
}
// An error with its sign dropped; one that rounds to nothing is below what is written.
const small = (text) => (/[1-9]/.test(text) ? text.replace("+", "") : "<0.01");
function leverText(lever, level) {
  const unit = lever.unit[state.lang];
  return Number((level / lever.divisor[state.lang]).toPrecision(6)).toLocaleString("en-US", { maximumFractionDigits: 6 }) + (unit && ` ${unit}`);
}

// ---- showing --------------------------------------------------------------------

function put(element, ...pieces) {
  element.replaceChildren(...pieces.map(([name, text, kind]) => {
    const made = document.createElement(name);
    made.textContent = text;
    if (kind) made.className = kind;
    return made;
  }));
}

function showBand(element, band, unit, { run, signs, verdict }) {
  if (band.wide) return put(element, ["b", word("too_wide"), "wide"]);
  const { texts: [least, middle, most, error], label } = amounts([band.least, band.middle, band.most, band.error], unit, signs);
  put(element, ["b", middle + label, verdict], ...(verdict ? [["span", ` ${word(verdict)}`, `verdict ${verdict}`]] : []),
    ["small", word("band", { low: least, high: most }) + (run ? "" : word("error", { error: small(error) }))]);
}

const SVG = "http://www.w3.org/2000/svg";
function drawn(svg, name, attributes, text) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text !== undefined) made.textContent = text;
  svg.append(made);
}

function fan(svg, target, bands, bases, { width, height, left, bottom, ticks }) {
  svg.replaceChildren();
  const years = bands.map((band) => band.year), first = years[0], last = years[years.length - 1];
  const top = 1.06 * Math.max(...bands.map((band) => (band.wide ? band.high : band.most)), ...bases.map((band) => band.high), target.chance ? target.goal : 0, 1e-9);
  const x = (year) => left + (width - left - 14) * (year - first) / Math.max(1, last - first);
  const y = (value) => 8 + (height - bottom - 8) * (1 - value / top);
  const outline = (some, low, high) => [...some.map((band) => `${x(band.year).toFixed(1)},${y(band[high]).toFixed(1)}`),
    ...[...some].reverse().map((band) => `${x(band.year).toFixed(1)},${y(band[low]).toFixed(1)}`)].join(" ");
  const line = (some) => some.map((band) => `${x(band.year).toFixed(1)},${y(band.middle).toFixed(1)}`).join(" ");
  if (ticks) {
    const [, divisor, label] = scaleOf(target.unit, top);
    for (let step = 0; step <= 4; step++) {
      const value = top / 1.06 * step / 4;
      drawn(svg, "line", { class: "grid", x1: left, x2: width - 14, y1: y(value), y2: y(value) });
      drawn(svg, "text", { x: left - 6, y: y(value) + 4, "text-anchor": "end" }, written(value / divisor));
    }
    drawn(svg, "text", { x: left, y: height - 2, class: "unit" }, label);
  }
  drawn(svg, "line", { class: "start", x1: x(data.first_year - 1), x2: x(data.first_year - 1), y1: 4, y2: height - bottom });
  const shown = bands.filter((band) => !band.wide);
  drawn(svg, "polygon", { class: "base", points: outline(bases, "low", "high") });
  if (shown.length > 1) {
    drawn(svg, "polygon", { class: "error", points: outline(shown, "least", "most") });
    drawn(svg, "polygon", { class: "plan", points: outline(shown, "low", "high") });
  }
  drawn(svg, "polyline", { class: "base", points: line(bases) });
  drawn(svg, "polyline", { class: "plan", points: line(shown) });
  if (target.chance) drawn(svg, "line", { class: "goal", x1: left, x2: width - 14, y1: y(target.goal), y2: y(target.goal) });
  for (const year of ticks ? years : [first, last]) {
    drawn(svg, "text", { x: x(year), y: height - bottom + 15, "text-anchor": !ticks && year === first ? "start" : !ticks ? "end" : "middle" }, year);
  }
  svg.setAttribute("aria-label", word("fan_of", { title: target.title[state.lang], first, last }));
}

function yearsOf(found, target) {
  const years = outputs.filter(([id, kind, , name]) => id === target.id && kind === "level" && name === "q50").map((output) => output[2]);
  return years.map((year) => bandOf(found, target.id, "level", year));
}

function contradiction() {
  for (const rule of data.rules) {
    const mine = state.levels[rule.one], other = state.levels[rule.other];
    const broken = rule.kind === "within" ? other > 0 && mine > other : mine + other > 1 + 1e-12;
    if (broken) return word("contradict", { one: levers[rule.one].title[state.lang], other: levers[rule.other].title[state.lang] });
  }
  return "";
}

function commandOf() {
  const sets = levers.flatMap((lever, number) =>
    state.levels[number] === plans[state.plan].levels[number] ? [] : [`--set ${lever.id}=${state.levels[number]}`]);
  return ["shaanxi-transfer forecast", plans[state.plan].command, ...sets, "--against no_plan", data.options].join(" ");
}

let speaking = 0;
function show() {
  const found = answer(), base = { values: plans[1].known, errors: outputs.map(() => 0), run: true };
  const problem = contradiction();
  one("#problem").hidden = !problem;
  one("#problem").textContent = problem;
  for (const part of [one("#cards"), one("#costs"), one("#fan"), one("#table")]) part.classList.toggle("stale", Boolean(problem));
  let likely = 0, open = 0;
  data.targets.forEach((target, number) => {
    const card = all(".card")[number], level = bandOf(found, target.id, "level", target.year);
    const moved = bandOf(found, target.id, "moved", target.year);
    one("h2", card).textContent = target.title[state.lang];
    const goal = amounts([target.goal], target.unit);
    one(".goal", card).textContent = word("goal", { goal: goal.texts[0] + goal.label, year: target.year });
    one(".chance", card).hidden = !target.chance;
    if (target.chance) {
      const chance = chanceOf(found, target), wide = chance.wide || level.wide;
      if (wide) open += 1;
      else if (chance.chance > 0.5) likely += 1;
      one(".number", card).textContent = wide ? "?" : chance.chance.toFixed(2);
      one(".number", card).dataset.chance = wide ? "" : chance.chance.toFixed(4);
      one(".level", card).textContent = wide ? word("too_wide") : word(`level_${likelihood(chance)}`);
      one(".between", card).textContent = wide ? "" : word("between", { low: chance.low.toFixed(2), high: chance.high.toFixed(2) });
    }
    showBand(one(".reached", card), level, target.unit, found);
    const nothing = found.run && state.plan === 1;
    const verdict = nothing ? "identical" : moved.least > 0 ? "more" : moved.most < 0 ? "less" : "not_visible";
    showBand(one(".moved", card), nothing ? { ...moved, wide: false } : moved, target.unit, { run: found.run, signs: true, verdict });
    card.dataset.median = level.wide ? "" : level.middle;
    fan(one("svg", card), target, yearsOf(found, target), yearsOf(base, target), { width: 260, height: 96, left: 2, bottom: 18 });
  });
  one("#costs").replaceChildren(...data.costs.map((cost) => {
    const made = document.createElement("div"), year = outputs.find(([id]) => id === cost.id)[2];
    put(made, ["dt", cost.title[state.lang]], ["dd", ""]);
    const band = bandOf(found, cost.id, "moved", year);
    showBand(one("dd", made), found.run ? { ...band, wide: false } : band, cost.unit, { run: found.run, signs: true });
    return made;
  }));
  const target = data.targets[state.path], bands = yearsOf(found, target);
  fan(one("#fan"), target, bands, yearsOf(base, target), { width: 640, height: 260, left: 70, bottom: 36, ticks: true });
  one("#table tbody").replaceChildren(...bands.map((band) => {
    const row = document.createElement("tr");
    const { texts, label } = amounts([band.low, band.middle, band.high, band.error], target.unit);
    put(row, ["th", band.year], ...(band.wide ? [["td", ""], ["td", word("too_wide")], ["td", ""], ["td", ""]] : texts.map((text, column) => ["td", text + (column === 1 ? label : "")])));
    one("th", row).scope = "row";
    return row;
  }));
  one("#command").textContent = commandOf();
  const chances = data.targets.some((each) => each.chance);
  const said = (chances ? word("said", { targets: data.targets.length, likely, open }) : word("said_alone")) + " " + word(found.run ? "as_run" : "emulated");
  clearTimeout(speaking);
  speaking = setTimeout(() => { if (one("#said").textContent !== said) one("#said").textContent = problem ? "" : said; }, 150);
  document.body.dataset.ready = "yes";
}

function showLevers() {
  levers.forEach((lever, number) => {
    const box = all(".lever")[number], slide = one(".slide", box), exact = one(".exact", box), level = state.levels[number];
    one(".title", box).textContent = lever.title[state.lang];
    one(".task", box).textContent = lever.task[state.lang];
    one(".unit", box).textContent = lever.unit[state.lang];
    slide.min = Math.round(STEPS * lowest(lever));
    slide.max = Math.round(STEPS * highest(lever));
    slide.value = Math.round(STEPS * shareOf(lever, level));
    slide.setAttribute("aria-valuetext", leverText(lever, level));
    exact.setAttribute("aria-label", word("exact", { lever: lever.title[state.lang] }));
    if (document.activeElement !== exact) exact.value = Number((level / lever.divisor[state.lang]).toPrecision(6));
    box.classList.toggle("moved", level !== plans[state.plan].levels[number]);
  });
  all("#plans input").forEach((input, number) => { input.checked = number === state.plan; });
}

function showWords() {
  document.documentElement.lang = state.lang === "zh" ? "zh-CN" : "en";
  document.documentElement.dataset.lang = state.lang;
  document.title = word("title");
  one("#language").lang = state.lang === "zh" ? "en" : "zh-CN";
  for (const element of all("[data-word]")) element.textContent = word(element.dataset.word);
  plans.forEach((plan, number) => { all("[data-plan]")[number].textContent = plan.title[state.lang]; });
  one("#path").replaceChildren(...data.targets.map((target, number) => new Option(target.title[state.lang], number, false, number === state.path)));
}

// ---- the link -------------------------------------------------------------------

function link() {
  const fields = new URLSearchParams({ lang: state.lang, plan: plans[state.plan].id });
  levers.forEach((lever, number) => {
    if (state.levels[number] !== plans[state.plan].levels[number]) fields.set(lever.id, state.levels[number]);
  });
  if (state.path) fields.set("path", data.targets[state.path].id);
  return `#${fields}`;
}

function fromLink() {
  const fields = new URLSearchParams(location.hash.slice(1)), wrong = [];
  if (fields.has("lang") && fields.get("lang") in data.words) state.lang = fields.get("lang");
  state.plan = Math.max(0, plans.findIndex((plan) => plan.id === fields.get("plan")));
  if (fields.has("plan") && plans[state.plan].id !== fields.get("plan")) wrong.push("plan");
  state.path = Math.max(0, data.targets.findIndex((target) => target.id === fields.get("path")));
  state.levels = [...plans[state.plan].levels];
  for (const [name, text] of fields) {
    const number = levers.findIndex((lever) => lever.id === name), value = Number(text);
    if (["lang", "plan", "path"].includes(name)) continue;
    if (number < 0 || text.trim() === "" || !(value >= levers[number].low && value <= levers[number].high)) wrong.push(name);
    else state.levels[number] = value;
  }
  one("#link").hidden = !wrong.length;
  one("#link").textContent = wrong.length ? word("link_wrong", { names: wrong.join(", ") }) : "";
}

function changed() {
  history.replaceState(null, "", link());
  showLevers();
  show();
}

// ---- what a person does -----------------------------------------------------------

levers.forEach((lever, number) => {
  const box = all(".lever")[number];
  const set = (level) => { state.levels[number] = Math.min(lever.high, Math.max(lever.low, level)); changed(); };
  one(".slide", box).addEventListener("input", (event) => set(levelOf(lever, Number(event.target.value) / STEPS)));
  one(".exact", box).addEventListener("change", (event) => {
    const value = Number(event.target.value.replaceAll(",", "")) * lever.divisor[state.lang];
    set(event.target.value.trim() === "" || !Number.isFinite(value) ? state.levels[number] : lever.whole ? Math.round(value) : Number(value.toPrecision(10)));
    event.target.value = Number((state.levels[number] / lever.divisor[state.lang]).toPrecision(6));
  });
  one(".planned", box).addEventListener("click", () => set(plans[0].levels[number]));
  one(".without", box).addEventListener("click", () => set(plans[1].levels[number]));
});
one("#plans").addEventListener("change", (event) => {
  state.plan = plans.findIndex((plan) => plan.id === event.target.value);
  state.levels = [...plans[state.plan].levels];
  changed();
});
one("#reset").addEventListener("click", () => { state.levels = [...plans[state.plan].levels]; changed(); });
one("#path").addEventListener("change", (event) => { state.path = Number(event.target.value); changed(); });
one("#language").addEventListener("click", () => { state.lang = state.lang === "zh" ? "en" : "zh"; showWords(); changed(); });
one("#copy").addEventListener("click", async () => {
  try { await navigator.clipboard.writeText(location.href); } catch { return; }
  one("#copy").textContent = word("copied");
  setTimeout(() => { one("#copy").textContent = word("copy_link"); }, 1500);
});
addEventListener("hashchange", () => { fromLink(); showWords(); showLevers(); show(); });

fromLink();
showWords();
showLevers();
show();
