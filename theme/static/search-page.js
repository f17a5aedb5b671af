//# allFunctionsCalledOnLoad
// The search page: results as you type, the state in the address (MIT). Text only ever enters as textContent.
const form = document.getElementById("search-form");
const input = document.getElementById("q");
const status = document.getElementById("search-status");
const results = document.getElementById("search-results");
const facets = document.getElementById("search-facets");
const LABELS = {kind: "类型", issuer: "机构", topic: "主题", year: "年份", validity: "效力"};
const OPTIONS = {sort: "relevance", since: "", until: ""};
const PAGE = 10;
const MOST = 12;
const PAUSE = 40;
const filters = {};
let shown = PAGE;
let turn = 0;
let waiting;
let engine;

// The engine is loaded once, as soon as somebody is about to type; after a failure the next search tries again.
function ready() {
  const address = new URL(form.dataset.engine, location.href).href;
  engine ??= import(address).then((module) => module.open(form.dataset.base));
  engine.catch(() => { engine = undefined; });
  return engine;
}

function element(name, text, attributes = {}) {
  const made = document.createElement(name);
  if (text) made.textContent = text;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

function button(text, attributes, act) {
  const made = element("button", text, {type: "button", ...attributes});
  made.addEventListener("click", act);
  return made;
}

function marked(text, marks) {
  const line = element("p", "", {class: "snippet"});
  let at = 0;
  for (const [start, end] of marks) {
    if (start < at) continue;
    line.append(text.slice(at, start), element("mark", text.slice(start, end)));
    at = end;
  }
  line.append(text.slice(at));
  return line;
}

function row(hit) {
  const item = element("li");
  item.append(element("a", hit.title, {class: "card-title", href: hit.url}));
  const facts = element("p", "", {class: "card-facts"});
  if (hit.validity) facts.append(element("span", hit.validity, {class: "tag"}));
  for (const text of [hit.number, hit.issuer, hit.published]) {
    if (text) facts.append(element("span", text));
  }
  if (hit.article) {
    const place = hit.anchor ? {href: `${hit.url}#${hit.anchor}`} : {};
    facts.append(element(hit.anchor ? "a" : "span", `见${hit.article}`, place));
  }
  item.append(facts, marked(hit.snippet, hit.marks));
  return item;
}

// A facet as a group of buttons: years newest first, all else most frequent first. A chosen value always stays there,
// so that it can be taken back.
function group(name, found) {
  const entries = Object.entries(found);
  entries.sort((a, b) => (name === "year" ? 0 : b[1] - a[1]) || (a[0] < b[0] ? 1 : -1));
  const kept = entries.filter(([value], n) => n < MOST || value === filters[name]);
  if (filters[name] && !(filters[name] in found)) kept.push([filters[name], 0]);
  if (kept.length < 2 && !filters[name]) return null;
  const box = element("fieldset");
  box.append(element("legend", LABELS[name]));
  for (const [value, count] of kept) {
    const chosen = filters[name] === value;
    const act = () => {
      if (chosen) delete filters[name];
      else filters[name] = value;
      shown = PAGE;
      run();
    };
    box.append(button(`${value} ${count}`, {"aria-pressed": String(chosen), "data-facet": `${name}=${value}`}, act));
  }
  return box;
}

// Sort and dates as they stand in the form, without those that say nothing.
function options() {
  const entries = Object.keys(OPTIONS).map((name) => [name, form.elements[name].value]);
  return Object.fromEntries(entries.filter(([name, value]) => value && value !== OPTIONS[name]));
}

// After the results, because a browser takes milliseconds for it.
function remember(query) {
  const state = String(new URLSearchParams(query ? {q: query.slice(0, 1000), ...filters, ...options()} : {}));
  history.replaceState(null, "", state ? `?${state}` : location.pathname);
}

function clear(sentence) {
  status.textContent = sentence;
  results.replaceChildren();
  facets.replaceChildren();
}

function sentence(found, query) {
  const some = found.total ? `找到 ${found.total} 条。` : `没有找到“${query}”。`;
  return found.partial ? `${some}索引中有 ${found.missing.length} 个部分没有载入，结果可能不全，请稍后再试。` : some;
}

// Says how many there are and draws facets, before the texts of results are there: once, unless these change it. The
// keyboard stays on the button that was pressed, though it is a new one.
function tell(found, query) {
  const held = document.activeElement?.dataset?.facet;
  status.textContent = sentence(found, query);
  facets.replaceChildren(...Object.keys(LABELS).map((name) => group(name, found.facets[name])).filter(Boolean));
  if (held) [...facets.querySelectorAll("button")].find((one) => one.dataset.facet === held)?.focus();
}

function draw(found) {
  const before = document.activeElement?.dataset?.more && results.querySelectorAll("li").length;
  const list = element("ol", "", {class: "cards"});
  list.append(...found.hits.map(row));
  results.replaceChildren(list);
  if (found.total > found.hits.length) {
    results.append(button("显示更多", {"data-more": "1"}, () => { shown += PAGE; run(); }));
  }
  if (before) list.children[before]?.querySelector("a").focus();
}

// Suggestions come after the results and never stand in their way.
function hint(query, found) {
  const go = (other) => { input.value = other; input.focus(); shown = PAGE; run(); };
  const box = document.getElementById("search-suggestions");
  import("./search-suggest.js").then(({suggest}) => suggest(box, query, found, go)).catch(() => {});
}

async function run() {
  clearTimeout(waiting);
  const query = input.value.trim();
  const mine = ++turn;
  if (!query) {
    clear("");
    remember("");
    hint("", {total: 0});
    return;
  }
  try {
    const {sort, ...dates} = options();
    let early;
    const told = (answer) => {
      early = sentence(answer, query);
      if (mine === turn) tell(answer, query);
    };
    const asked = {limit: shown, filters: {...filters, ...dates}, sort, told};
    const found = await (await ready()).search(query, asked);
    if (mine !== turn) return;
    if (early !== sentence(found, query)) tell(found, query);
    draw(found);
    hint(query, found);
  } catch {
    if (mine === turn) clear("检索暂时不能使用，请从下面的栏目查找。");
  }
  if (mine === turn) remember(query);
}

function later() {
  clearTimeout(waiting);
  waiting = setTimeout(() => { shown = PAGE; run(); }, PAUSE);
}

// What an input method has not finished (pinyin on its way to characters) is not searched.
input.addEventListener("input", (event) => { if (!event.isComposing) later(); });
input.addEventListener("compositionend", later);
input.addEventListener("focus", ready, {once: true});
form.addEventListener("submit", (event) => { event.preventDefault(); shown = PAGE; run(); });
for (const [name, value] of new URLSearchParams(location.search)) {
  if (name === "q" || Object.hasOwn(OPTIONS, name)) form.elements[name].value = value;
  else if (Object.hasOwn(LABELS, name)) filters[name] = value;
}
const chosen = document.getElementById("search-options");
chosen.hidden = false;
chosen.addEventListener("change", () => { shown = PAGE; run(); });
if (!form.elements.sort.value) form.elements.sort.value = OPTIONS.sort;
if (input.value.trim()) run();
