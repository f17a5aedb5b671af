// Fills the form of a request for disclosure: checks it, makes the sheet to print and the letter. Nothing leaves the page
// but by the reader's own letter, or, where the site names a system that takes requests in, by the button that says so. MIT.

import {creditCode, residentId} from "./request-check.js";

const box = document.getElementById("request");
const at = (name) => document.getElementById(`request-${name}`);
const form = at("form"), done = at("done"), summary = at("summary"), title = document.title;
const TEXTS = ["name", "number", "title", "code", "head", "contact", "phone", "email", "address", "postcode", "description", "purpose"];
const PERSON = ["name", "identity", "number"], BODY = ["title", "kind", "code", "head", "contact"];
const LABELS = [
  ["organ", "受理机关"], ["applicant", "申请人类别"], ["name", "姓名"], ["identity", "证件名称"], ["number", "证件号码"],
  ["title", "单位名称"], ["kind", "单位类别"], ["code", "统一社会信用代码"], ["head", "法定代表人"], ["contact", "联系人"],
  ["phone", "联系电话"], ["email", "电子邮箱"], ["address", "通信地址"], ["postcode", "邮政编码"],
  ["description", "所需信息的内容"], ["form", "提供形式"], ["way", "获取方式"], ["purpose", "用途"],
];
const FIELDS = ["organ", "applicant", "name", "number", "title", "kind", "code", "head", "contact", "phone", "form-wanted", "way", "email", "address", "postcode", "description"];
let filled = null;

const chosen = () => at("organ").selectedOptions[0];
const picked = (group) => form.querySelector(`input[name=${group}]:checked`)?.value ?? "";

// What was typed, without the fields of the other kind of applicant.
function values() {
  const found = {organ: at("organ").value && chosen().textContent, applicant: picked("applicant"), identity: at("identity").value,
    kind: at("kind").value, form: picked("form"), way: picked("way")};
  for (const name of TEXTS) found[name] = at(name).value.normalize("NFC").trim();
  found.number = found.number.toUpperCase();
  found.code = found.code.toUpperCase();
  for (const name of at("person").checked ? BODY : PERSON) found[name] = "";
  return found;
}

// What is wrong, by field, in the order of the fields.
function faults(v) {
  const [person, body, mail, post] = ["person", "body", "mail", "post"].map((choice) => at(choice).checked);
  const wrong = {
    organ: !v.organ && "请选择受理的机关",
    applicant: !v.applicant && "请选择申请人是公民，还是法人或者其他组织",
    name: person && !v.name && "请填写姓名",
    number: person && (!v.number ? "请填写证件号码" : "checked" in at("identity").selectedOptions[0].dataset && residentId(v.number)),
    title: body && !v.title && "请填写单位名称",
    kind: body && !v.kind && "请选择单位类别",
    code: body && (!v.code ? "请填写统一社会信用代码" : creditCode(v.code)),
    head: body && !v.head && "请填写法定代表人",
    contact: body && !v.contact && "请填写联系人",
    phone: !v.phone ? "请填写联系电话" : !/^\+?[\d\s()（）-]{7,30}$/.test(v.phone) && "联系电话只写数字、空格和连字符，至少 7 位",
    "form-wanted": !v.form && "请选择希望得到的形式",
    way: !v.way && "请选择怎样得到",
    email: v.email ? !/^[^\s@,;?&]+@[^\s@,;?&]+\.[^\s@,;?&]+$/.test(v.email) && "电子邮箱的写法不对，应当形如 name@example.cn"
      : mail && "请填写电子邮箱",
    address: post && !v.address && "请填写通信地址",
    postcode: v.postcode ? !/^\d{6}$/.test(v.postcode) && "邮政编码应当是 6 位数字" : post && "请填写邮政编码",
    description: !v.description && "请写明所需信息的内容",
  };
  return FIELDS.filter((name) => wrong[name]).map((name) => [name, wrong[name]]);
}

// Where the reader is led to: a group's first choice, else the field itself.
const target = (name) => at(name).querySelector("input") ?? at(name);

function show(found) {
  const by = new Map(found);
  for (const name of FIELDS) {
    const place = at(`${name}-fault`), said = by.get(name) ?? "";
    place.textContent = said;
    place.hidden = !said;
    for (const control of at(name).matches("fieldset") ? at(name).querySelectorAll("input") : [at(name)]) {
      if (said) control.setAttribute("aria-invalid", "true"); else control.removeAttribute("aria-invalid");
    }
  }
  summary.hidden = !found.length;
  document.title = found.length ? `错误：${title}` : title;
  const list = document.createElement("ul");
  for (const [name, said] of found) {
    const link = Object.assign(document.createElement("a"), {href: `#${target(name).id}`, textContent: said});
    link.addEventListener("click", (event) => { event.preventDefault(); target(name).focus(); });
    list.appendChild(document.createElement("li")).append(link);
  }
  const head = Object.assign(document.createElement("strong"), {textContent: `还有 ${found.length} 处要改正`});
  summary.replaceChildren(...(found.length ? [head, list] : []));
  if (found.length) summary.focus();
}

// The sheet, as paper has it; without values it is the empty one.
function fill(v) {
  for (const cell of document.querySelectorAll("#sheet [data-cell]")) cell.textContent = v?.[cell.dataset.cell] ?? "";
  for (const mark of document.querySelectorAll("#sheet [data-choice]")) {
    mark.textContent = v && [v.kind, v.form, v.way].includes(mark.dataset.choice) ? "☑" : "□";
  }
  document.body.classList.toggle("filled", Boolean(v));
}

const letter = (v) => `政府信息公开申请\n\n${LABELS.filter(([name]) => v[name]).map(([name, label]) => `${label}：${v[name]}`).join("\n")}\n`;

function offer(v) {
  const organ = chosen(), words = letter(v), email = organ.dataset.email;
  const link = at("letter");
  link.hidden = !email;
  link.href = email ? `mailto:${email}?subject=${encodeURIComponent(`政府信息公开申请：${v.name || v.title}`)}&body=${encodeURIComponent(words.replaceAll("\n", "\r\n"))}` : "#organs";
  at("words").value = words;
  at("where").textContent = `打印后签名，附身份证明，当面提交${organ.dataset.address ? `，或者邮寄到${organ.dataset.address}，收件人写${organ.dataset.office}` : `给${organ.dataset.office}`}${organ.dataset.fax ? `，也可以传真到${organ.dataset.fax}` : ""}。`
    + (email ? `用邮件发送的，邮件寄往 ${email}，正文有您填写的全部内容。` : "这个机关没有公布电子邮箱。");
  at("told").textContent = "";
  if (at("send")) at("send").disabled = false;
  done.hidden = false;
  at("done-title").focus();
}

// Whatever was made of earlier values is no longer true of these.
function forget() {
  filled = null;
  done.hidden = true;
  fill(null);
}

function facts() {
  const {office, phone, email} = chosen().dataset;
  at("organ-facts").textContent = at("organ").value ? [`由${office}受理`, phone && `电话 ${phone}`, email && `邮箱 ${email}`].filter(Boolean).join("，") : "";
}

function kinds() {
  at("as-person").hidden = !at("person").checked;
  at("as-body").hidden = !at("body").checked;
}

// Sends the request to the system that the site's owner named, and says what came of it.
async function send() {
  const told = at("told"), host = new URL(box.dataset.endpoint).host;
  const request = {type: "政府信息公开申请", organ: {id: at("organ").value, name: filled.organ}};
  for (const [name] of LABELS) if (name !== "organ" && filled[name]) request[name] = filled[name];
  at("send").disabled = form.inert = true; // what is told must be of what is in the form
  told.textContent = `正在向 ${host} 提交……`;
  let said = "";
  try {
    const answer = await fetch(box.dataset.endpoint, {
      method: "POST", mode: "cors", credentials: "omit", redirect: "error", referrerPolicy: "no-referrer", cache: "no-store",
      headers: {"Content-Type": "application/json"}, body: JSON.stringify(request), signal: AbortSignal.timeout(30000),
    });
    const data = await answer.json().catch(() => null);
    const receipt = typeof data?.receipt === "string" ? data.receipt.slice(0, 100) : "";
    said = answer.ok
      ? `已向 ${host} 提交了申请表的全部内容，受理系统已经收到${receipt ? `，回执号 ${receipt}，请记下` : "，没有给出回执号，请留意受理机构的答复"}。`
      : `没有提交成功：${host} 没有接受（代码 ${answer.status}）。可以再试一次，或者打印、用邮件发送。`;
    at("send").disabled = answer.ok;
  } catch (error) {
    // It may have been received all the same: an answer that may not be read looks like none.
    const why = error.name === "TimeoutError" ? "在 30 秒内没有回答" : "没有给出可以读取的回答";
    said = `${host} ${why}，不能确定是否收到。请先向受理机构询问，再决定要不要重新提交，以免重复。`;
    at("send").disabled = false;
  }
  form.inert = false;
  told.textContent = said;
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const v = values(), found = faults(v);
  show(found);
  if (found.length) return;
  filled = v;
  fill(v);
  offer(v);
});
form.addEventListener("input", () => { forget(); facts(); kinds(); });
at("clear").addEventListener("click", () => { form.reset(); forget(); show([]); facts(); kinds(); at("organ").focus(); });
at("print").addEventListener("click", () => print());
at("send")?.addEventListener("click", send);

const wanted = new URLSearchParams(location.search).get("organ");
if ([...at("organ").options].some((option) => option.value && option.value === wanted)) at("organ").value = wanted;
facts();
kinds();
box.hidden = false;
