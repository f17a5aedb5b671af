// Whether a number can be one: identity cards (GB 11643) and social credit codes (GB 32100). Nothing is asked of anyone. MIT.

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY";

// What is wrong with a resident's number, "" where nothing is.
export function residentId(text, today = new Date()) {
  const number = text.toUpperCase();
  if (number.length !== 18) return "身份证号码应当是 18 位";
  if (!/^\d{17}[\dX]$/.test(number)) return "身份证号码只有数字，最后一位可以是 X";
  const [year, month, day] = [number.slice(6, 10), number.slice(10, 12), number.slice(12, 14)].map(Number);
  const born = new Date(Date.UTC(year, month - 1, day));
  const exists = born.getUTCFullYear() === year && born.getUTCMonth() === month - 1 && born.getUTCDate() === day;
  if (!exists || year < 1850 || born > today) return "身份证号码中的出生日期不对";
  const sum = WEIGHTS.reduce((total, weight, place) => total + weight * Number(number[place]), 0);
  return number[17] === "10X98765432"[sum % 11] ? "" : "身份证号码的校验位不对，请逐位核对";
}

// What is wrong with a social credit code, "" where nothing is.
export function creditCode(text) {
  if (text.length !== 18) return "统一社会信用代码应当是 18 位";
  const values = [...text].map((sign) => SIGNS.indexOf(sign));
  if (values.includes(-1) || !/^\d{6}$/.test(text.slice(2, 8))) return "统一社会信用代码只有数字和大写字母，没有 I、O、S、V、Z，第 3 至 8 位是数字";
  let weight = 1, sum = 0;
  for (const value of values.slice(0, 17)) {
    sum += value * weight;
    weight = (weight * 3) % 31;
  }
  return values[17] === (31 - (sum % 31)) % 31 ? "" : "统一社会信用代码的校验位不对，请逐位核对";
}
