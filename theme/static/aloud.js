// Reads a document, or the contents of an issue, aloud with a Chinese voice of the reader's own machine; a voice of some
// other machine would send the text there, so it is not asked. Where there is none, nothing is added to the page.
const speech = window.speechSynthesis;
const main = document.querySelector("main");
const BLOCKS = ":is(h2, h3, h4, h5, h6, p, li, tr)";
const group = document.createElement("span");
const [start, stop] = ["朗读", "停止"].map((text) => {
  const button = Object.assign(document.createElement("button"), {type: "button", className: "quiet", textContent: text});
  group.append(button);
  return button;
});
let voice, parts, at, current, marked;

function find() {
  const local = speech.getVoices().filter((one) => one.localService && /^(zh|cmn)/i.test(one.lang));
  voice = local.find((one) => /CN|Hans/i.test(one.lang)) ?? local[0];
  if (!voice || group.isConnected) return;
  group.className = "aloud";
  group.setAttribute("role", "group");
  group.setAttribute("aria-label", "朗读");
  speech.cancel(); // what an earlier page left
  end();
  main.querySelector(".byline").append(group);
}

// The text of a block without that of blocks within it; a row of a table is read as one.
function own(block) {
  if (block.localName === "tr") return [...block.cells].map((cell) => cell.textContent.trim()).join("，");
  const nodes = [...block.childNodes].filter((one) => !one.matches?.(BLOCKS) && !one.querySelector?.(BLOCKS));
  return nodes.map((one) => one.textContent).join("").trim();
}

// Blocks in pieces of a sentence or two: a browser may fall silent in long ones.
function pieces() {
  const chosen = main.querySelectorAll(`h1, .body ${BLOCKS}, .contents :is(h2, .card-title)`);
  return [...chosen]
    .filter((block) => !block.parentElement.closest("tr"))
    .flatMap((block) => (own(block).match(/[^。；！？]{1,120}[。；！？]?/g) ?? []).map((text) => ({block, text})));
}

function mark(block) {
  if (block === marked) return;
  marked?.classList.remove("spoken");
  block?.classList.add("spoken");
  block?.scrollIntoView({block: "nearest"});
  marked = block;
}

function say() {
  if (at === parts.length) return end();
  const said = new SpeechSynthesisUtterance(parts[at].text);
  Object.assign(said, {voice, lang: voice.lang});
  said.onend = () => {
    if (said !== current) return;
    at += 1;
    say();
  };
  said.onerror = () => said === current && end();
  current = said;
  mark(parts[at].block);
  start.textContent = "暂停朗读";
  stop.hidden = false;
  speech.speak(said);
}

// Some phones cannot pause: reading goes on from the piece that was cut off.
function pause() {
  current = null;
  speech.cancel();
  start.textContent = "继续朗读";
}

function end() {
  if (current) pause();
  mark();
  parts = null;
  start.textContent = "朗读本文";
  if (document.activeElement === stop) start.focus();
  stop.hidden = true;
}

if (speech) {
  start.addEventListener("click", () => {
    if (current) return pause();
    if (!parts) [parts, at] = [pieces(), 0];
    say();
  });
  stop.addEventListener("click", end);
  document.addEventListener("keydown", (event) => event.key === "Escape" && parts && end());
  addEventListener("pagehide", () => parts && end());
  speech.addEventListener?.("voiceschanged", find);
  find();
}
