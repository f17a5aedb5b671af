"""Personal data and secrecy marks in a text: resident ids, mobiles, bank cards, `机密★` (pure; GB 11643, ISO 7064)."""

from __future__ import annotations

import re
from datetime import date
from operator import mul
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from plugins.models.codes import CODES
from plugins.models.faults import Fault, fault

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

T = TypeVar("T")
SHOWN = 20
SHORTEST, ID = 11, 17
"""Digits of the shortest number that is looked for; digits of an id before its check character."""
_GAPS = " \u00a0\u3000\\-－‐‑–"
_RUNS = {n: re.compile(rf"[0-9０-９](?<![0-9０-９].)[0-9０-９{_GAPS}]{{{n - 1}}}") for n in (SHORTEST, ID)}
_WIDE = re.compile("[０-９]+[Ｘｘ]?")
_FOLD = str.maketrans("０１２３４５６７８９Ｘｘ", "0123456789Xx")
_SHAPE = re.compile(
    r"""[0-9](?<![0-9].)(?=[DG]{10})(?<![0-9]\..)(?:
        D{2}S?D{3}S?(?:19|20|21)D{2}S?[01]DS?[0-3]DS?D{3}S?[0-9Xx]
      | (?<=[24569])D{15,18} | (?<=3)5D{14}
      | (?<=[456])(?<!DS.)D{3}(S)D{4}\1D{4}\1D{4}(?:\1D{1,3})?(?!\1D)
      | (?:(?<=1)|(?<=[+＋]8)61|(?<=0)0861)[3-9]D{9}
      | (?:(?<=1)(?<!DS.)|(?<=8)6S?1|(?<=0)086S?1)[3-9]D(S)D{4}\2D{4}(?!\2D)
      | D{14}
    )(?![0-9A-Za-z]|\.D)""".replace("[DG]", f"[0-9{_GAPS}]")
    .replace("D", "[0-9]")
    .replace("S", f"[{_GAPS}]"),
    re.VERBOSE,
)
"""What may be an id, a card, a mobile (bare or 3-4-4) or an old id, beside no other digit and in no decimal. It begins
with a class of characters, for which `re` has a fast search; that is why the look-behind stands after it."""
_OTHER = re.compile("[^0-9Xx]")
_PROVINCE = re.compile(r"1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[123]|91")
_CARD = re.compile(
    r"62\d{14,17}|4\d{15}(?:\d{3})?|5[1-5]\d{14}|(?:222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720)\d{12}"
    r"|35(?:2[89]|[3-8]\d)\d{12}|955[89]\d{15}|60\d{17}"
)
"""UnionPay, Visa, MasterCard (both ranges), JCB, and older debit cards of Chinese banks."""
_MARK = re.compile("[绝机秘][ \u3000]?密[ \u3000]?★(?:[ \u3000]?(?:[0-9０-９]{1,2} ?(?:年|个?月|日)|长期|启用前))?")
_HEADS = ("内部", "不予公开")
_HEADED = re.compile("|".join(_HEADS))
_HEAD = re.compile(
    r"内部(?:资料|文件|材料|使用|参考|刊物)(?:[ \u3000，,！!]*(?:(?:请?注意|妥善)保[存管]|(?:不得|请勿|严禁)外[传泄]))?"
    r"|(?:(?:信息)?公开(?:属性|选项|方式|类别|形式)[:：] ?)?不予公开"
)
_AROUND = " \t\u3000*_#>()（）[]【】〔〕。！!"
_WEIGHTS = tuple(2**power % 11 for power in range(17, 0, -1))
_DOUBLED = str.maketrans("0123456789", "0246813579")


class Found(NamedTuple):
    """One finding at `text[start:end]`: its fault code, and what may be shown of it."""

    code: str
    start: int
    end: int
    shown: str


def find(text: str, allowed: Collection[str] = ()) -> Iterator[Found]:
    """Everything in `text` that must not be published, by kind; `allowed` are mobiles of 11 digits that may stand."""
    yield from numbers(text, allowed)
    yield from marks(text)
    yield from _heads(text)


def check_text(text: str, path: str, first_line: int, allowed: Collection[str] = ()) -> Iterator[Fault]:
    """The faults of `text`, which begins at `first_line` of the file at `path`; at most 20, and how many more."""
    kept, more = worst(list(find(text, allowed)), lambda found: found.code)
    for found in kept:
        line = first_line + text.count("\n", 0, found.start)
        yield fault(found.code, path, line, where="这一行", shown=found.shown)
    if more:
        yield fault("V108", path, where="这个文件里", count=more)


def worst(found: list[T], code: Callable[[T], str]) -> tuple[list[T], int]:
    """The first 20, errors before warnings, so that no heap of warnings hides an error; and how many are left."""
    return sorted(found, key=lambda item: CODES[code(item)].severity != "error")[:SHOWN], max(0, len(found) - SHOWN)


def redacted(text: str) -> str:
    """`text` with every number that `numbers` finds in its masked form, for faults that quote what they found."""
    parts, last = [], 0
    for found in numbers(text):
        parts += [text[last : found.start], found.shown]
        last = found.end
    return "".join([*parts, text[last:]])


def mobiles(phones: Iterable[str]) -> frozenset[str]:
    """The mobiles, 11 digits each, in the telephone fields of a directory: the allow-list for `find`."""
    return frozenset(digits for phone in phones for code, _, _, digits in _scan(phone) if code == "V103")


def numbers(text: str, allowed: Collection[str] = (), shortest: int = SHORTEST) -> Iterator[Found]:
    """Ids, mobiles and bank cards in `text`, in order; with `shortest=ID` nothing unless an id may be among them."""
    for code, start, end, digits in _scan(text, shortest):
        if code != "V103" or digits not in allowed:
            head = 3 if code == "V103" else 4
            yield Found(code, start, end, digits[:head] + "*" * (len(digits) - head - 4) + digits[-4:])


def marks(text: str) -> Iterator[Found]:
    """Secrecy marks: a level with its star. The bare words mean nothing."""
    if "★" in text:
        for match in _MARK.finditer(text):
            yield Found("V106", match.start(), match.end(), match[0])


def _heads(text: str) -> Iterator[Found]:
    """Lines that say nothing but that the paper is internal: within a sentence these are ordinary words."""
    at = 0 if any(head in text for head in _HEADS) else len(text)
    while match := _HEADED.search(text, at):
        start, at = text.rfind("\n", 0, match.start()) + 1, text.find("\n", match.end())
        at = len(text) if at < 0 else at
        line = text[start:at].strip(_AROUND)
        if _HEAD.fullmatch(line):
            yield Found("V107", start, at, line)


def _scan(text: str, shortest: int = SHORTEST) -> Iterator[tuple[str, int, int, str]]:
    """(code, start, end, digits) of every number that is one; a shape that is none may still hold one after a gap."""
    if not _RUNS[shortest].search(text):
        return
    folded = text if text.isascii() else _WIDE.sub(lambda match: match[0].translate(_FOLD), text)
    at = 0
    while match := _SHAPE.search(folded, at):
        code, digits = _judged(match[0] if match[0].isdecimal() else _OTHER.sub("", match[0]).upper())
        if code:
            yield code, match.start(), match.end(), digits
        at = match.end() if code else match.start() + 1


def _judged(digits: str) -> tuple[str, str]:
    """The fault code of what has the shape of a number, or ""; and the number itself."""
    mobile = digits.removeprefix("00").removeprefix("86")
    if len(mobile) == 11:
        return "V103", mobile
    if is_resident_id(digits):
        return "V101", digits
    if _CARD.fullmatch(digits) and luhn(digits):
        return "V104", digits
    return ("V102" if _is_old_id(digits) else ""), digits


def is_resident_id(digits: str) -> bool:
    """Whether 18 characters are an id: a day of 1900 to 2100, and the check character (GB 11643). Any area counts."""
    return (
        len(digits) == 18
        and "1900" <= digits[6:10] <= "2100"
        and _is_day(digits[6:14])
        and mod_11_2(digits[:17]) == digits[17]
    )


def _is_old_id(digits: str) -> bool:
    """15 digits that nothing else explains: no IMEI (Luhn), no business registration number (ISO 7064 MOD 11,10)."""
    return (
        len(digits) == 15
        and _PROVINCE.match(digits) is not None
        and _is_day("19" + digits[6:12])
        and not luhn(digits)
        and not mod_11_10(digits)
    )


def _is_day(digits: str) -> bool:
    try:
        date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return True


def mod_11_2(digits: str) -> str:
    """The check character of 17 `digits` (ISO 7064 MOD 11-2)."""
    return "10X98765432"[sum(map(mul, _WEIGHTS, map(int, digits))) % 11]


def mod_11_10(digits: str) -> bool:
    """Whether the last digit checks the others (ISO 7064 MOD 11,10)."""
    rest = 5
    for digit in digits:
        rest = ((rest or 10) * 2 % 11 + int(digit)) % 10
    return rest == 1


def luhn(digits: str) -> bool:
    """Whether the last digit checks the others (ISO/IEC 7812)."""
    return (sum(map(int, digits[::-2])) + sum(map(int, digits[-2::-2].translate(_DOUBLED)))) % 10 == 0
