// The page /verify/ (MIT): what is typed, pasted or dropped is held against what the site published. Nothing of it leaves
// the browser but the first digits of its hash, as the name of a list. Text only ever enters the page as textContent.
import {forms, hashFile, hashText, lines} from "./verify-hash.js";
import {compare, ID, Lists, readSums, within} from "./verify-lists.js";

const box = document.getElementById("verify");
const status = document.getElementById("verify-status");
const found = document.getElementById("verify-found");
const answer = document.getElementById("verify-answer");
const which = document.getElementById("verify-which");
const pasted = document.getElementById("verify-text");
const picked = document.getElementById("verify-files");
const drop = document.getElementById("verify-drop");
const {base, site} = box.dataset;
const LONGEST = 20_000_000;
const SHOWN = 30;
const FEW = 5;
const lists = new Lists({
  base,
  hashes: {url: box.dataset.hashes, digits: Number(box.dataset.digits)},
  numbers: {url: box.dataset.numbers, digits: Number(box.dataset.numberDigits)},
});
let chosen = null;
let turn = 0;

function element(name, text, attributes = {}) {
  const made = document.createElement(name);
  if (text) made.textContent = text;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

function link(title, address) {
  const made = element("p");
  made.append(element("a", title, {href: base + address}));
  return made;
}

const note = (text) => element("p", text, {class: "note"});
const grouped = (hash) => hash.replace(/.{4}(?=.)/g, "$& ");
const named = (title) => (/[《》]/.test(title) ? `“${title}”` : `《${title}》`);
const listed = (items) => {
  const made = element("ul");
  made.append(...items.map((item) => (item instanceof Node ? item : element("li", item))));
  return made;
};

function hashLine(hash) {
  const made = element("p", "", {class: "note"});
  made.append("校验值（SHA-256）：", element("code", grouped(hash)));
  return made;
}

// A verdict: level ok, warn, off or "" for none; `head` is read out, `parts` stand below it.
const verdict = (level, head, ...parts) => ({level, head, parts: parts.filter(Boolean)});

function shortened(text) {
  return text.length > 60 ? `${text.slice(0, 60)}……` : text;
}

// What a line of the lists says: [level, sentence, name of the link, address].
function described({address, parts: [state, title, number, since, until]}) {
  const page = address.replace(/index\.txt$/, "");
  const text = named(title) + (number ? `（${number}）` : "");
  const span = (since ? `自${day(since)}` : "") + (until ? `至${day(until)}` : "");
  if (state === "当前文本") return ["ok", `${text}当前公布的文本`, "打开文件网页（看是否有效）", page];
  if (state === "历史文本") return ["warn", `${text}${span ? `${span}公布` : ""}的历史文本，不是当前文本`, "打开这一文本的网页", page];
  if (state === "撤下文本") return ["off", `${text}撤下前的文本，本站已不再公布`, "撤下的日期和原因", page];
  if (state === "公报文件") return ["ok", `公报文件：${title}`, "打开所在目录", address.replace(/[^/]*$/, "")];
  return ["ok", `数据集${named(title)}的文件 ${number}`, "打开数据集", address.split("/").slice(0, 2).join("/") + "/"];
}

const day = (text) => text.replace(/^(\d+)-0?(\d+)-0?(\d+)$/, "$1年$2月$3日");
const ORDER = ["ok", "warn", "off"];

// The rows of one hash as a verdict; `what` is what it was the hash of, `lead` the words before the sentence.
function proved(rows, lead, ...more) {
  const all = rows.map(described).sort((a, b) => ORDER.indexOf(a[0]) - ORDER.indexOf(b[0]));
  const [[level, sentence]] = all;
  const links = all.slice(0, FEW).map(([, , title, address]) => link(title, address));
  const others = all.slice(1, FEW).map(([, text]) => `同时也是${text}。`);
  return verdict(level, `${lead}${sentence}。`, ...others.map(note), ...links, ...more, hashLine(rows[0].hash));
}

function nothing(hash, ...more) {
  const next = [
    "从本站重新复制全文，或下载“纯文本”，再核对一次；",
    "输入文号选定文件后再核对，可以看到从哪里起不同，只有一段文字时也要这样做；",
    "仍不一致的，请以本站网页为准，并用页脚的联系方式告诉我们。",
  ];
  return verdict("off", "没有找到：本站公布的文本和文件中，没有与它完全相同的。", ...more, listed(next), hash && hashLine(hash));
}

// Holds a text against all, then against the chosen document.
async function text(value, own = "文字") {
  if (!lines(value).length) return verdict("", "请先粘贴文字，或选择文件。");
  if (value.length > LONGEST) return verdict("warn", "文字太长，请存成文件再核对。");
  const odd = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/u.test(value.slice(1));
  const hidden = odd && note("文字中有看不见的字符，复制时常会带进来，它们会使校验值不同。");
  let first = "";
  for (const form of forms(value)) {
    const hash = await hashText(form.text);
    first ||= hash;
    const rows = await lists.find(hash);
    if (rows.length) return proved(rows, `一致：这${own}是`, form.note && note(`已${form.note}。`));
  }
  return chosen ? against(lines(value), first, hidden) : nothing(first, hidden);
}

function against(value, hash, hidden) {
  const place = within(value, chosen.text);
  const name = named(chosen.title);
  const page = link("打开文件网页", `${chosen.id}/`);
  const only = note("只证明这一段，不证明它前后的文字。");
  const where = place.article ? `${name}的${place.article}中` : name;
  if (place.state === "body") return verdict("ok", `正文一致：与${name}的正文逐字相同，只是没有标题。`, page);
  if (place.state === "part") return verdict("ok", `这段文字逐字出现在${where}。`, place.again && note("文件中不止一处。"), only, page);
  if (place.state === "spaced") return verdict("ok", `不计空格和换行，这段文字逐字出现在${where}。`, only, page);
  const rows = place.wrong.slice(0, FEW).map(([same, rest]) => {
    const item = element("li");
    item.append(same.length > 40 ? `……${same.slice(-40)}` : same, element("mark", shortened(rest)));
    return item;
  });
  const more = place.wrong.length > FEW ? note("不同之处没有全部列出。") : null;
  const said = rows.length ? `不一致：下面的文字与${name}不同，从标出的地方起。` : `不一致：各行都在${name}中，但不是连在一起的，缺行或次序不同。`;
  return verdict("off", said, rows.length && listed(rows), more, hidden, page, hashLine(hash));
}

// A document is chosen: by its address, or what was found by number or hash.
async function choose(id) {
  const whole = await lists.text(id).catch((error) => {
    if (/^404 /.test(error.message)) return null;
    throw error;
  });
  if (whole === null) return verdict("warn", "本站的这个网址没有规范文本：可能写错了，或者文件已经撤下。", link("打开这个网址", `${id}/`));
  const hash = await hashText(whole);
  const rows = await lists.find(hash);
  const choice = {id, text: whole, title: whole.split("\n", 1)[0]};
  const next = note("接着粘贴文字，就与这份文件核对；印本上的校验值，请与下面的逐位对照。");
  if (!rows.length) return verdict("warn", "这份文件的校验值不在清单里：网站可能正在更新，请稍后再试。", hashLine(hash));
  const [level, sentence, title, address] = described(rows.find((row) => row.address.startsWith(`${id}/`)) ?? rows[0]);
  return {...verdict(level === "ok" ? "" : level, `已选定：${sentence}。`, next, link(title, address), hashLine(hash)), choice};
}

async function byHash(typed) {
  const rows = await lists.find(typed);
  if (!rows.length) return verdict("off", "没有找到：本站没有以此开头的校验值。", note("请核对抄写的数字和字母；印本的校验值在最后一页。"));
  const one = rows.every((row) => row.hash === rows[0].hash);
  if (!one) return verdict("warn", `有 ${rows.length} 个校验值以此开头，请多输入几位。`, listed(rows.map((row) => `${grouped(row.hash)}：${described(row)[1]}`)));
  const row = rows.find(({parts}) => parts[0] === "当前文本") ?? rows.find(({parts}) => parts[0] === "历史文本");
  if (row && row.address.endsWith("/index.txt")) return choose(row.address.replace(/\/index\.txt$/, ""));
  return proved(rows, "这个校验值属于", note("这只说明校验值是本站登记的；手中的文字或文件是否相同，还要核对。"));
}

async function byNumber(typed) {
  const rows = await lists.findNumber(typed);
  if (!rows.length) return verdict("off", "没有找到：本站没有这个文号的文件，也不是本站的网址或 8 位以上的校验值。");
  if (rows.length > 1) return verdict("warn", `有 ${rows.length} 份文件用这个文号：`, ...rows.map((row) => link(row.address, row.address)));
  const [{address, parts: [number, withdrawn]}] = rows;
  if (withdrawn) return verdict("off", `${number}已经撤下，本站不再公布它的文本。`, link("撤下的日期和原因", address));
  return choose(address.slice(0, -1));
}

// What was typed: an address of this site, a hash or its beginning, or a document number.
function find(typed) {
  const value = typed.trim();
  if (!value) return verdict("", "请输入校验值、文号或网址。");
  if (/^(?:[a-z][a-z0-9+.-]*:|\/\/)/i.test(value)) {
    const home = [location.origin + base, `${site.replace(/\/$/, "")}/`].find((one) => value.startsWith(one));
    return home ? byPath(value.slice(home.length)) : verdict("warn", "这不是本站的网址。");
  }
  const hash = value.replace(/[\s-]/g, "").toLowerCase();
  if (/^[0-9a-f]{8,64}$/.test(hash)) return byHash(hash);
  if (/^[0-9a-f]{4,7}$/.test(hash)) return verdict("warn", "校验值请至少输入前 8 位。");
  if (/^[\w./?#=&%-]+$/.test(value)) return byPath(value.startsWith(base) ? value.slice(base.length) : value.replace(/^\//, ""));
  return byNumber(value);
}

function byPath(path) {
  const id = path.replace(/[?#].*$/, "").replace(/(?:index\.(?:html|txt|json|md))?$/, "").replace(/\/$/, "");
  return ID.test(id) ? choose(id) : verdict("warn", "这不是本站文件的网址。");
}

// Files: against a list that came with them, and then without any request; otherwise against the site's lists.
async function files(all, mine) {
  if (!all.length) return null;
  const sums = [];
  const given = [];
  for (const [file, name] of all) {
    const rows = all.length > 1 && file.size < LONGEST ? readSums(await file.text()) : null;
    if (rows) sums.push(...rows);
    else given.push([file, name]);
  }
  if (sums.length && given.length) return offline(sums, given, mine);
  if (all.length > 1) return several(all, mine);
  const [[file]] = all;
  const hash = await hashFile(file);
  const rows = await lists.find(hash);
  if (rows.length) return proved(rows, "一致：这个文件是");
  const bytes = file.size < LONGEST ? new Uint8Array(await file.arrayBuffer()) : new Uint8Array();
  if (bytes.length && !bytes.includes(0) && /\.(?:txt|md|html?)$|^[^.]*$/i.test(file.name)) return text(new TextDecoder().decode(bytes), "个文件的文字");
  return nothing(hash);
}

async function offline(sums, given, mine) {
  const hashed = [];
  for (const [file, name] of given) {
    hashed.push({hash: await hashFile(file), name});
    if (mine !== turn) return null;
    if (hashed.length % 50 === 0) status.textContent = `正在核对：${hashed.length}/${given.length}`;
  }
  const rows = compare(sums, hashed);
  const count = (state) => rows.filter((row) => row.state === state).length;
  const missing = new Set(sums.map((one) => one.name)).size - new Set(rows.map((row) => row.listed).filter(Boolean)).size;
  const words = {equal: "一致", changed: "不一致：与清单中的校验值不同", absent: "清单中没有它"};
  const wrong = rows.filter((row) => row.state !== "equal");
  const shown = [...wrong, ...rows.filter((row) => row.state === "equal")].slice(0, SHOWN);
  const parts = [
    listed(shown.map((row) => `${row.name}——${words[row.state]}${row.state === "equal" && row.listed !== row.name ? `（清单中的 ${row.listed}）` : ""}`)),
    rows.length > SHOWN && note(`只列出 ${SHOWN} 个。`),
    missing > 0 && note(`清单里还有 ${missing} 个文件这次没有放进来，没有核对。`),
    note("这次核对没有向任何服务器发出请求，断网时结果也一样。清单本身是否可信，要看它的签名，办法见下面“自己动手核对”。"),
  ];
  if (!wrong.length) return verdict("ok", `一致：${rows.length} 个文件都与清单相符。`, ...parts);
  const counts = [[count("equal"), "个一致"], [count("changed"), "个不一致"], [count("absent"), "个不在清单中"]];
  return verdict(count("changed") ? "off" : "warn", `${counts.filter(([n]) => n).map((one) => one.join(" ")).join("，")}。`, ...parts);
}

async function several(all, mine) {
  const rows = [];
  for (const [file, name] of all) {
    const [row] = await lists.find(await hashFile(file));
    if (mine !== turn) return null;
    rows.push([name, row && described(row)]);
  }
  const known = rows.filter(([, one]) => one).length;
  const items = rows.slice(0, SHOWN).map(([name, one]) => `${name}——${one ? one[1] : "没有找到"}`);
  return verdict(known === rows.length ? "ok" : "off", `${rows.length} 个文件中，${known} 个与本站公布的一致。`, listed(items), rows.length > SHOWN && note(`只列出 ${SHOWN} 个。`));
}

// What was dropped, folders with all that is in them: [[file, path]].
async function dropped(transfer) {
  const begun = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  if (!begun.length) return [...transfer.files].map((file) => [file, file.name]);
  const all = [];
  const walk = async (entry) => {
    if (entry.isFile) return all.push([await new Promise((...done) => entry.file(...done)), entry.fullPath.slice(1)]);
    const reader = entry.createReader();
    for (;;) {
      const part = await new Promise((...done) => reader.readEntries(...done));
      if (!part.length) return null;
      for (const one of part) await walk(one);
    }
  };
  for (const entry of begun) await walk(entry);
  return all;
}

// Runs one question and shows its verdict; a later one takes its place. What nobody pressed a button for stays `calm`.
async function ask(work, calm = false) {
  const mine = ++turn;
  answer.setAttribute("aria-busy", "true");
  const failed = () => verdict(
    "warn",
    "没有取到本站的清单：网络不通，或网站正在更新，请稍后再试。",
    note("断网时，把文件和它的清单（manifest.txt、MANIFEST 或 SHA256SUMS）一起放进来，也能核对。"),
  );
  const made = await Promise.resolve(mine).then(work).catch(failed);
  if (mine !== turn) return;
  answer.removeAttribute("aria-busy");
  if (!made) return;
  if (made.choice) chosen = made.choice;
  answer.className = `answer ${made.level}`;
  status.textContent = made.head;
  found.replaceChildren(...made.parts);
  if (!calm) answer.scrollIntoView({block: "nearest"});
}

document.getElementById("verify-form").addEventListener("submit", (event) => {
  event.preventDefault();
  ask(() => find(which.value));
});
document.getElementById("verify-check").addEventListener("click", () => ask(() => text(pasted.value)));
picked.addEventListener("change", () => ask((mine) => files([...picked.files].map((file) => [file, file.name]), mine)));
// Anywhere on the page: a file dropped beside the box would otherwise be opened in the page's place.
for (const name of ["dragover", "dragleave", "drop"]) {
  document.addEventListener(name, (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    drop.classList.toggle("over", name === "dragover");
    if (name === "drop") ask(async (mine) => files(await dropped(event.dataTransfer), mine));
  });
}
document.getElementById("verify-controls").disabled = false;
const asked = new URLSearchParams(location.search).get("page");
if (asked !== null && ID.test(asked)) which.value = asked;
if (asked !== null) ask(() => (ID.test(asked) ? choose(asked) : verdict("warn", "网址里的文件名不对，没有查找。")), true);
