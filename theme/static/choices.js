{ // not a module: it is done before the page goes on, which waits for the style in any case; nothing is left behind
  // Carries the reader's letters and colours to the next page of the same window, in `window.name`: nothing is stored, no
  // address changes, nothing is sent, and it ends with the window (docs/decisions/0026-what-the-reader-chooses.md). The
  // choice itself is made by inputs and the stylesheet alone.
  const HEAD = "look ";
  const look = document.querySelector(".look");
  const inputs = [...look.querySelectorAll("input")];

  const restore = () => {
    const chosen = window.name.startsWith(HEAD) ? window.name.split(" ") : [];
    for (const one of inputs) if (chosen.includes(one.id)) one.checked = true;
  };

  look.addEventListener("change", () => {
    // A name that somebody else gave to the window is how they find it again.
    if (window.name && !window.name.startsWith(HEAD)) return;
    window.name = HEAD + inputs.filter((one) => one.checked).map((one) => one.id).join(" ");
  });
  addEventListener("pageshow", restore); // a page that the browser kept shows an earlier choice
  document.addEventListener("pointerdown", (event) => {
    if (!look.contains(event.target)) look.open = false;
  });
  look.addEventListener("focusout", ({relatedTarget: next}) => { // what the keyboard goes to lies below it
    if (next && !look.contains(next)) look.open = false;
  });
  look.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !look.open) return;
    look.open = false;
    look.firstElementChild.focus();
  });
  restore();
}
