// The search page: results as you type, the state in the address (MIT).
const form = document.getElementById("search-form");
const input = document.getElementById("q");
const status = document.getElementById("search-status");
const results = document.getElementById("search-results");
const facets = document.getElementById("search-facets");
const LABELS = {kind: "类型", issuer: "机构", topic: "主题", year: "年份", validity: "效力"};
const PAGE = 20;
const filters = {};
let shown = PAGE;
let turn = 0;
const ready = import(new URL("search.js", new URL(form.dataset.base, location.href)).href).then((m) => m.open(form.dataset.base));

function element(name, text, attributes = {}) {
  const made = document.createElement(name);
  if (text) made.textContent = text;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
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
  for (const text of [hit.number, hit.issuer, hit.published.slice(0, 10), hit.article && `见${hit.article}`]) {
    if (text) facts.append(element("span", text));
  }
  item.append(facts, marked(hit.snippet, hit.marks));
  return item;
}

function group(name, counts) {
  const entries = Object.entries(counts).sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? 1 : -1)).slice(0, 12);
  if (entries.length < 2 && !filters[name]) return null;
  const box = element("fieldset");
  box.append(element("legend", LABELS[name]));
  for (const [value, count] of entries) {
    const chosen = filters[name] === value;
    const button = element("button", `${value} ${count}`, {type: "button", "aria-pressed": String(chosen)});
    button.addEventListener("click", () => {
      if (chosen) delete filters[name];
      else filters[name] = value;
      run();
    });
    box.append(button);
  }
  return box;
}

function remember(query) {
  const state = new URLSearchParams(query ? {q: query, ...filters} : {});
  history.replaceState(null, "", state.size ? `?${state}` : location.pathname);
}

async function run() {
  const query = input.value.trim();
  const mine = ++turn;
  remember(query);
  if (!query) {
    status.textContent = "";
    results.replaceChildren();
    facets.replaceChildren();
    return;
  }
  let found;
  try {
    found = await (await ready).search(query, {limit: shown, filters});
  } catch {
    status.textContent = "检索暂时不能使用，请从下面的栏目查找。";
    return;
  }
  if (mine !== turn) return;
  const missing = found.partial ? `有 ${found.missing.length} 部分没有载入，结果可能不全。` : "";
  status.textContent = (found.total ? `找到 ${found.total} 条。` : `没有找到“${query}”。`) + missing;
  const list = element("ol", "", {class: "cards"});
  list.append(...found.hits.map(row));
  results.replaceChildren(list);
  if (found.total > shown) {
    const more = element("button", "显示更多", {type: "button"});
    more.addEventListener("click", () => { shown += PAGE; run(); });
    results.append(more);
  }
  facets.replaceChildren(...Object.entries(found.facets).map(([name, counts]) => group(name, counts)).filter(Boolean));
}

let waiting;
input.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(() => { shown = PAGE; run(); }, 60);
});
form.addEventListener("submit", (event) => { event.preventDefault(); run(); });
for (const [name, value] of new URLSearchParams(location.search)) {
  if (name === "q") input.value = value;
  else if (name in LABELS) filters[name] = value;
}
run();
