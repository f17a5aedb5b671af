// SQL over a table, in the reader's own browser: DuckDB from this site's host, loaded once it is asked for (MIT).
// It reads the CSV and writes each answer as CSV, so that nothing has to be fetched from anywhere else.
import {rows} from "./table-filter.js";

const SHOWN = 200;
const TABLE = "data";

function element(name, text, attributes = {}) {
  const made = document.createElement(name);
  if (text) made.textContent = text;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

// The worker answers every message by its number.
class Engine {
  constructor(address) {
    Object.assign(this, {number: 0, waiting: new Map(), worker: new Worker(address)});
    this.worker.onmessage = ({data}) => {
      const asked = this.waiting.get(data.requestId);
      if (!asked || data.type === "INSTANTIATE_PROGRESS") return;
      this.waiting.delete(data.requestId);
      if (data.type === "ERROR") asked.fail(new Error(data.data.message));
      else asked.done(data.data);
    };
    this.worker.onerror = (event) => {
      event.preventDefault();
      for (const asked of this.waiting.values()) asked.fail(new Error("worker"));
      this.waiting.clear();
    };
  }

  call(type, data = null) {
    return new Promise((done, fail) => {
      this.number += 1;
      this.waiting.set(this.number, {done, fail});
      this.worker.postMessage({messageId: this.number, type, data});
    });
  }

  run(text) {
    return this.call("RUN_QUERY", [this.connection, text]);
  }

  // Loads the program and the table; text stays text, so that numbers of things keep their zeros.
  async start(wasm, csv, texts) {
    await this.call("INSTANTIATE", [wasm, null]);
    await this.call("OPEN", {});
    this.connection = await this.call("CONNECT");
    for (const name of ["autoinstall_known_extensions", "autoload_known_extensions"]) await this.run(`SET ${name} = false`);
    const answer = await fetch(csv);
    if (!answer.ok) throw new Error(`${answer.status} ${answer.url}`);
    await this.call("REGISTER_FILE_BUFFER", ["table.csv", new Uint8Array(await answer.arrayBuffer())]);
    const quoted = (name) => `'${name.replaceAll("'", "''")}'`;
    const types = texts.length ? `, types = {${texts.map((name) => `${quoted(name)}: 'VARCHAR'`).join(", ")}}` : "";
    await this.run(`CREATE TABLE ${TABLE} AS SELECT * FROM read_csv('table.csv', header = true, delim = ','${types})`);
    await this.call("DROP_FILE", "table.csv");
  }

  // The answer as CSV. A question is one SELECT: what else there is cannot stand in these brackets.
  async ask(text) {
    const name = `answer-${this.number}.csv`;
    await this.call("REGISTER_FILE_BUFFER", [name, new Uint8Array(0)]);
    await this.run(`COPY (${text.trim().replace(/;+\s*$/, "")}\n) TO '${name}' (FORMAT csv, HEADER true, USE_TMP_FILE false)`);
    const bytes = await this.call("COPY_FILE_TO_BUFFER", name);
    await this.call("DROP_FILE", name);
    return bytes;
  }
}

function drawn(box, found) {
  const [head = [], ...body] = found;
  const table = element("table");
  table.createCaption().textContent = body.length > SHOWN ? `前 ${SHOWN} 行，共 ${body.length} 行` : `共 ${body.length} 行`;
  const top = table.createTHead().insertRow();
  for (const name of head) top.append(element("th", name, {scope: "col"}));
  const rest = table.createTBody();
  for (const cells of body.slice(0, SHOWN)) rest.insertRow().append(...cells.map((cell) => element("td", cell)));
  box.replaceChildren(table);
}

// The place to ask in, below the table of `box`.
export function panel(box, names, types) {
  const {sql, wasm, csv} = box.dataset;
  const part = element("div", "", {class: "sql"});
  const label = element("label", `SQL（表名 ${TABLE}；列名 ${names.join("、")}）`, {for: `${box.id}-sql`});
  const field = element("textarea", "", {id: `${box.id}-sql`, spellcheck: "false", autocapitalize: "off"});
  field.value = `SELECT * FROM ${TABLE} LIMIT 20`;
  const run = element("button", "运行", {type: "button"});
  const save = element("button", "导出结果", {type: "button"});
  const status = element("p", "正在载入查询程序（约 7 MB）和数据……", {role: "status", class: "note"});
  const result = element("div", "", {class: "table-box", role: "region", "aria-label": "查询结果", tabindex: "0"});
  const tools = element("div", "", {class: "tools"});
  tools.append(run, save, status);
  part.append(label, field, tools, result);
  box.append(part);
  run.disabled = save.disabled = true;
  field.focus();
  const engine = new Engine(new URL(sql, location.href).href);
  const texts = names.filter((_, n) => types[n] === "string");
  let answer;
  engine.start(new URL(wasm, location.href).href, csv, texts).then(() => {
    run.disabled = false;
    status.textContent = "可以查询了。";
  }, () => { status.textContent = "查询程序没有载入：请换一个浏览器再试，或下载整个文件。"; });
  run.addEventListener("click", async () => {
    run.disabled = true;
    status.textContent = "正在查询……";
    try {
      const started = performance.now();
      answer = await engine.ask(field.value);
      drawn(result, rows(new TextDecoder().decode(answer)));
      save.disabled = false;
      status.textContent = `用时 ${((performance.now() - started) / 1000).toFixed(2)} 秒。`;
    } catch (error) {
      status.textContent = `查询有误：${error.message}`;
    }
    run.disabled = false;
  });
  field.addEventListener("keydown", (event) => { if (event.key === "Enter" && event.ctrlKey) run.click(); });
  save.addEventListener("click", () => {
    const link = element("a", "", {download: "query.csv"});
    link.href = URL.createObjectURL(new Blob([answer], {type: "text/csv;charset=utf-8"}));
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  });
}
