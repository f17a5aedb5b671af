// The table of a data set: filtered, sorted, paged and taken away as CSV (MIT). Text only ever enters as textContent.
import {isNumber, line, parse, shown} from "./table-filter.js";
import {open} from "./table-source.js";

const PAGE = 100;
const PAUSE = 300;
const BOM = "\ufeff";

function element(name, text, attributes = {}) {
  const made = document.createElement(name);
  if (text) made.textContent = text;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

function button(text, act, attributes = {}) {
  const made = element("button", text, {type: "button", ...attributes});
  made.addEventListener("click", act);
  return made;
}

class Grid {
  constructor(box) {
    this.box = box;
    this.region = box.querySelector(".table-box");
    this.table = box.querySelector("table");
    this.body = this.table.tBodies[0];
    this.heads = [...this.table.tHead.rows[0].cells];
    this.titles = this.heads.map((head) => head.textContent);
    this.names = this.heads.map((head) => head.dataset.name);
    this.types = this.heads.map((head) => head.dataset.type);
    const whole = !box.dataset.cut;  // long cells are cut in the page: then its rows are no source
    this.given = whole ? [...this.body.rows].map((row) => [...row.cells].map((cell) => cell.textContent)) : [];
    Object.assign(this, {at: 0, sort: null, turn: 0, found: null, typed: this.names.map(() => "")});
  }

  async start() {
    this.source = await open(this.box.dataset, this.names, this.types, this.given);
    if (!this.source) return;
    this.count = this.source.count;
    if (this.source.select && this.count > 1) this.tools();
    this.status = element("p", "", {role: "status", class: "note"});
    this.bar().append(this.status);
    this.pager();
    this.say();
  }

  bar() {
    this.tool ??= this.box.insertBefore(element("div", "", {class: "tools"}), this.region);
    return this.tool;
  }

  tools() {
    for (const [column, head] of this.heads.entries()) {
      head.replaceChildren(button(this.titles[column], () => this.turnSort(column)));
    }
    const filters = this.table.tHead.insertRow();
    filters.className = "filters";
    this.inputs = this.heads.map((_, column) => {
      const input = element("input", "", {
        type: "search", name: this.names[column], "aria-label": `筛选“${this.titles[column]}”`, placeholder: this.hint(column), autocomplete: "off",
      });
      input.addEventListener("input", (event) => { if (!event.isComposing) this.later(column, input); });
      input.addEventListener("compositionend", () => this.later(column, input));
      filters.append(element("td"));
      filters.lastChild.append(input);
      return input;
    });
    const bom = element("input", "", {type: "checkbox", id: `${this.box.id}-bom`});
    this.bom = bom;
    const label = element("label", "", {for: bom.id});
    label.append(bom, " 供 Excel 打开");
    this.taking = button("导出 CSV", () => this.guarded(() => this.take()));
    this.clearing = button("清除筛选", () => this.clear());
    this.bar().append(this.taking, label, this.clearing);
    if (this.box.dataset.sql && this.box.dataset.csv) this.bar().append(button("用 SQL 查询", (event) => this.ask(event.target)));
  }

  hint(column) {
    if (this.whole(column)) return "等于";
    return isNumber(this.types[column]) || this.types[column].startsWith("date") ? "如 10..20" : "包含";
  }

  // In a long table plain text over the key means the whole key: that is found without reading the column.
  whole(column) {
    return Boolean(this.box.dataset.parquet) && this.names[column] === this.box.dataset.key;
  }

  pager() {
    const go = (to) => () => this.guarded(async () => { this.at = to(); await this.draw(); this.region.scrollTop = 0; });
    const last = () => Math.max(0, Math.ceil(this.count / this.size()) - 1);
    this.back = button("上一页", go(() => Math.max(0, this.at - 1)));
    this.on = button("下一页", go(() => Math.min(last(), this.at + 1)));
    this.end = button("末页", go(last));
    this.begin = button("首页", go(() => 0));
    this.place = element("span", "", {class: "note"});
    this.feet = element("nav", "", {class: "tools", "aria-label": "表格翻页"});
    this.feet.append(this.begin, this.back, this.place, this.on, this.end);
    this.box.append(this.feet);
    this.last = last;
  }

  // Rows that lie far apart in a long file are costly: fewer are shown at once.
  size() {
    return this.found?.page ?? PAGE;
  }

  later(column, input) {
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => { this.typed[column] = input.value; this.select(); }, PAUSE);
  }

  clear() {
    this.typed.fill("");
    for (const input of this.inputs) input.value = "";
    this.sort = null;
    this.select();
  }

  turnSort(column) {
    const same = this.sort?.column === column;
    this.sort = same && this.sort.descending ? null : {column, descending: same};
    this.select();
  }

  // Asks the source; an answer that comes after a newer question is left.
  select() {
    return this.guarded(async () => {
      const mine = ++this.turn;
      const tests = this.typed.flatMap((text, column) => {
        const made = parse(text, this.types[column], this.whole(column));
        return made ? [{...made, column}] : [];
      });
      for (const [column, head] of this.heads.entries()) {
        if (this.sort?.column === column) head.setAttribute("aria-sort", this.sort.descending ? "descending" : "ascending");
        else head.removeAttribute("aria-sort");
      }
      const found = tests.length || this.sort ? await this.source.select(tests, this.sort) : null;
      if (mine !== this.turn) return;
      Object.assign(this, {found, at: 0, count: found ? found.count : this.source.count});
      await this.draw();
    });
  }

  async draw() {
    const mine = this.turn;
    const start = this.at * this.size();
    const rows = await (this.found ?? this.source).between(start, Math.min(start + this.size(), this.count));
    if (mine !== this.turn) return;
    this.body.replaceChildren(...rows.map((row) => this.row(row)));
    this.say();
  }

  row(cells) {
    const made = element("tr");
    for (const [column, value] of cells.entries()) {
      made.append(element("td", shown(value), isNumber(this.types[column]) ? {class: "n"} : {}));
    }
    return made;
  }

  say() {
    const all = this.source.count;
    const from = this.count ? this.at * this.size() + 1 : 0;
    const to = Math.min(this.count, (this.at + 1) * this.size());
    const part = this.found && this.count !== all ? `筛选出 ${this.count} 行（共 ${all} 行）` : `共 ${all} 行`;
    this.status.textContent = this.count ? `${part}，现在是第 ${from} 至 ${to} 行。` : "没有符合条件的行。";
    this.table.caption.textContent = `第 ${from} 至 ${to} 行`;
    this.place.textContent = `第 ${this.at + 1} 页，共 ${this.last() + 1} 页`;
    this.feet.hidden = this.last() === 0;
    this.begin.disabled = this.back.disabled = this.at === 0;
    this.on.disabled = this.end.disabled = this.at >= this.last();
    if (this.taking) this.taking.disabled = !this.count;
    if (this.clearing) this.clearing.disabled = !this.found;
  }

  // Marks the table as busy meanwhile; what fails is said, and the rows that stand there stay.
  async guarded(work) {
    this.region.setAttribute("aria-busy", "true");
    this.box.dataset.busy = String(Number(this.box.dataset.busy ?? 0) + 1);
    try {
      await work();
    } catch {
      this.status.textContent = "没有取到数据，请稍后再试，或下载整个文件。";
    } finally {
      this.box.dataset.busy = String(Number(this.box.dataset.busy) - 1);
      if (this.box.dataset.busy === "0") this.region.removeAttribute("aria-busy");
    }
  }

  async take() {
    const parts = [this.bom.checked ? BOM : "", line(this.names)];
    const found = this.found ?? (await this.source.select([], null));
    for await (const rows of found.all()) parts.push(rows.map((row) => line(row.map(shown))).join(""));
    const link = element("a", "", {download: `${this.box.dataset.name || "table"}.csv`});
    link.href = URL.createObjectURL(new Blob(parts, {type: "text/csv;charset=utf-8"}));
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    this.status.textContent = `已导出 ${found.count} 行。`;
  }

  async ask(pressed) {
    pressed.disabled = true;
    const {panel} = await import("./table-sql.js");
    panel(this.box, this.names, this.types);
  }
}

// Code is copied with a button where the browser lets it.
function copying(block) {
  const press = button("复制", async () => {
    try {
      await navigator.clipboard.writeText(block.textContent);
      press.textContent = "已复制";
    } catch {
      getSelection().selectAllChildren(block);
      press.textContent = "已选中，请按 Ctrl+C";
    }
    setTimeout(() => { press.textContent = "复制"; }, 3000);
  });
  const tools = element("p", "", {class: "tools"});
  tools.append(press);
  block.before(tools);
}

for (const block of document.querySelectorAll(".code pre")) copying(block);
for (const box of document.querySelectorAll(".grid")) new Grid(box).start().catch(() => {});
