// Suggestions below the search box: what may have been meant, and what else to search for (MIT).
import {openHints} from "./search-hints.js";

const turns = new WeakMap();
const opened = new Map();
let groups = 0;

function element(name, text, attributes = {}) {
  const made = document.createElement(name);
  made.textContent = text;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

// A list of buttons under its label, the reason beside each.
function group(label, answers, go) {
  const id = `suggestions-${++groups}`;
  const list = element("ul", "", {"aria-labelledby": id});
  for (const {query, reason} of answers) {
    const item = element("li", "");
    const button = element("button", query, {type: "button"});
    button.addEventListener("click", () => go(query));
    item.append(button, element("span", reason, {class: "note"}));
    list.append(item);
  }
  const box = element("div", "");
  box.append(element("p", label, {id}), list);
  return box;
}

// What to show for a query of which `total` were found: [label, [{query, reason}] …].
async function chosen(hints, query, total) {
  const [others, begun, near] = await Promise.all([
    hints.expand(query), hints.complete(query), hints.nearest(query, total),
  ]);
  const characters = /\p{Script=Han}/u.test(query);
  const meant = [...near, ...(characters && total ? [] : begun)];
  const also = [...others, ...(characters && total ? begun : [])];
  const fresh = also.filter(({query: other}) => !meant.some((one) => one.query === other));
  return [["您是不是要找：", meant], ["也可检索：", fresh]].filter(([, answers]) => answers.length);
}

// Fills `box` with suggestions for `query`, of which `found` is what the search answered; `go` is called with the one
// that was chosen. Whatever fails leaves the box empty: suggestions never stand in the way of results.
export async function suggest(box, query, found, go) {
  const turn = (turns.get(box) ?? 0) + 1;
  turns.set(box, turn);
  const base = new URL(box.dataset.base, location.href).href;
  if (!opened.has(base)) opened.set(base, openHints(base));
  const asked = query ? opened.get(base).then((hints) => chosen(hints, query, found.total)) : Promise.resolve([]);
  const shown = await asked.catch(() => []);
  if (turns.get(box) !== turn) return;
  box.hidden = !shown.length;
  box.replaceChildren(...shown.map(([label, answers]) => group(label, answers, go)));
}
