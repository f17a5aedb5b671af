// How long a consultation is still open, by the reader's clock: the page itself may have been made days ago. MIT.
// Its page is that of a document besides, and has one script.
import "./reading.js";

const box = document.getElementById("deadline");
const MINUTE = 60000, HOUR = 60 * MINUTE, DAY = 24 * HOUR;

function words(left) {
  if (left <= 0) return "征求意见已经截止。采纳情况将在这里公布。";
  if (left >= DAY) return `现在离截止还有 ${Math.floor(left / DAY)} 天${left % DAY >= HOUR ? ` ${Math.floor((left % DAY) / HOUR)} 小时` : ""}。`;
  if (left >= HOUR) return `现在离截止还有 ${Math.floor(left / HOUR)} 小时。`;
  return `现在离截止还有 ${Math.max(1, Math.floor(left / MINUTE))} 分钟。`;
}

const closes = Date.parse(box?.dataset.closes || "");
if (!Number.isNaN(closes)) {
  box.textContent = words(closes - Date.now());
  box.hidden = false;
}
