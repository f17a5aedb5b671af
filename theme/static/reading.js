// What a script adds to a text: its contents follow the reading, a click on the number of an article copies the address
// of that article, and a letter about a mistake says which article is meant. Without it all three are plain links.
import "./aloud.js";

const body = document.querySelector(".body");
const outline = document.querySelector(".outline");
const wide = matchMedia("(min-width: 62rem)");

// The titles above the line at a fifth of the window are those that were reached; the last of them is being read.
function follow() {
  const links = [...outline.querySelectorAll("a")];
  const places = links.map((link) => document.getElementById(link.hash.slice(1)));
  const reached = new Set();
  let current;
  const watch = new IntersectionObserver(
    (entries) => {
      for (const one of entries) reached[one.isIntersecting ? "add" : "delete"](one.target);
      const next = links.filter((_, i) => reached.has(places[i])).at(-1);
      if (next === current) return;
      current?.removeAttribute("aria-current");
      next?.setAttribute("aria-current", "location");
      current = next;
      if (wide.matches && next) outline.scrollTop = next.offsetTop - outline.clientHeight / 2;
    },
    {rootMargin: "9999999px 0px -80% 0px"},
  );
  places.forEach((place) => place && watch.observe(place));
}

// Beside the text there is room for its contents; above it they stay folded.
function unfold() {
  outline.open = wide.matches;
}

function copy() {
  const status = Object.assign(document.createElement("p"), {className: "hidden"});
  status.setAttribute("role", "status");
  body.after(status);
  body.dataset.copies = "";
  body.addEventListener("click", async (event) => {
    const link = event.target.closest("a.anchor");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    try {
      await navigator.clipboard.writeText(location.origin + location.pathname + link.hash);
    } catch {
      return; // the link was followed; its address stands in the browser's bar
    }
    status.textContent = `已复制“${link.textContent}”的链接`;
    link.dataset.done = "";
    setTimeout(() => {
      delete link.dataset.done;
      status.textContent = "";
    }, 3000);
  });
}

function name(letter) {
  const {href} = letter;
  const page = encodeURIComponent(document.querySelector("link[rel=canonical]").href);
  letter.addEventListener("click", () => {
    const place = body?.querySelector(":target");
    const words = place && `${location.hash}（${place.querySelector(".anchor")?.textContent ?? place.textContent}）`;
    letter.href = place ? href.replace(page, page + encodeURIComponent(words)) : href;
  });
}

if (outline) {
  follow();
  unfold();
  wide.addEventListener("change", unfold);
}
if (body && navigator.clipboard) copy();
const letter = document.querySelector('.follow a[href^="mailto:"]');
if (letter) name(letter);
