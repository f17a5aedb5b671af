#!/bin/sh
# Proves a release, or any copy of one, with OpenSSL 3 and sha256sum alone: the verdict of verify.py, reached without it.
#   sh verify.sh DIR ROOT.pub [--seen latest.json] [--at 2026-03-03T09:00+08:00]
# Exit 0 proved, 1 not proved, 2 wrong use. What each file holds is written down in docs/verify.md.
set -u
LC_ALL=C
export LC_ALL

usage() {
  echo "用法：sh verify.sh DIR ROOT.pub [--seen latest.json] [--at 2026-03-03T09:00+08:00]" >&2
  exit 2
}
bad=0
fail() {
  echo "未通过：$1"
  bad=1
}
stop() {
  fail "$1"
  exit 1
}

[ $# -ge 2 ] || usage
dir=$1 root=$2 seen='' now=$(TZ=CST-8 date +%Y-%m-%dT%H:%M+08:00)
shift 2
while [ $# -ge 2 ]; do
  case $1 in
    --seen) seen=$2 ;;
    --at) now=$2 ;;
    *) usage ;;
  esac
  shift 2
done
T='[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}[+]08:00'
[ $# -eq 0 ] && [ -d "$dir" ] && [ -f "$root" ] || usage
[ -z "$seen" ] || [ -f "$seen" ] || usage
printf '%s\n' "$now" | grep -Eqx "$T" || usage
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
trap 'exit 2' HUP INT TERM
above=$(cd -P -- "$(dirname -- "$root")" && pwd -P) || usage
[ -z "$seen" ] || cat -- "$seen" >"$work/seen" || usage
trusted=$(openssl pkey -pubin -in "$root" -outform DER 2>/dev/null | openssl base64 -A)
cd -P -- "$dir" || usage
case $above/ in "$(pwd -P)"/*)
  echo "根公钥须从别处得来，不能取自要核对的文件夹" >&2
  exit 2
  ;;
esac
case $trusted in
  MCowBQYDK2VwAyEA*) trusted=${trusted#MCowBQYDK2VwAyEA} ;;
  *)
    echo "$root 不是 Ed25519 公钥" >&2
    exit 2
    ;;
esac
command -v sha256sum >/dev/null || sha256sum() { shasum -a 256 "$@"; }

unpack() { printf %s "$1" | openssl base64 -d -A; }
# signed DATA SIGNATURE KEY: two files, and a key in base64
signed() {
  printf -- '-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA%s\n-----END PUBLIC KEY-----\n' "$3" >"$work/key"
  openssl pkeyutl -verify -rawin -pubin -inkey "$work/key" -in "$1" -sigfile "$2" >/dev/null 2>&1
}
# after ONE OTHER: two moments of one form
after() { [ "$1" != "$2" ] && [ "$(printf '%s\n%s\n' "$1" "$2" | sort | tail -n 1)" = "$1" ]; }

K='[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=' S='[A-Za-z0-9+/]{85}[AQgw]==' H='[0-9a-f]{64}' N='[1-9][0-9]{0,8}'
# formed FILE: whether it is a latest.json, line by line
formed() {
  tr -d '\000' <"$1" | cmp -s - "$1" && [ "$(wc -l <"$1")" -eq 14 ] && [ -z "$(tail -c 1 "$1")" ] || return 1
  line=0
  while IFS= read -r pattern; do
    line=$((line + 1))
    sed -n "${line}p" "$1" | grep -Eqx -e "$pattern" || return 1
  done <<END
[{]
"statement": $N,
"keys_until": "$T",
"release_keys": \["$K"(, "$K"){0,9}\],
"retired_keys": \[("$K"(, "$K"){0,99})?\],
"statement_signature": "$S",
"sequence": $N,
"manifest": "$H",
"previous": "($H)?",
"as_of": "$T",
"valid_until": "$T",
"release_key": "$K",
"signature": "$S"
[}]
END
}
cell() { sed -n "$2s/^\"[a-z_]*\": \(.*\)\$/\1/p" "$1" | sed 's/,$//' | tr -d '"'; }
# judge FILE NAME: reads the cells of a latest.json into variables; says what is wrong with it by itself
judge() {
  formed "$1" || stop "$2 不合格式"
  statement=$(cell "$1" 2) until=$(cell "$1" 3) keys=$(cell "$1" 4) retired=$(cell "$1" 5)
  sequence=$(cell "$1" 7) manifest=$(cell "$1" 8) previous=$(cell "$1" 9)
  as_of=$(cell "$1" 10) valid=$(cell "$1" 11) key=$(cell "$1" 12)
  sed -n 2,5p "$1" >"$work/statement" && unpack "$(cell "$1" 6)" >"$work/stated"
  sed -n 1,12p "$1" >"$work/before" && unpack "$(cell "$1" 13)" >"$work/signature"
  signed "$work/statement" "$work/stated" "$trusted" || fail "$2：密钥声明不是您给出的根公钥签的"
  case $retired in *"$key"*) fail "$2：签名用的是已经停用的发布密钥" ;; esac
  case $keys in *"$key"*) ;; *) fail "$2：签名用的密钥不在根密钥认可之列" ;; esac
  signed "$work/before" "$work/signature" "$key" || fail "$2：签名不符"
  if ! after "$valid" "$as_of" || after "$valid" "$until"; then
    fail "$2：签名时间或有效期超出了密钥声明的期限"
  fi
  case $sequence/$previous in
    1/) ;;
    1/* | */) fail "$2：序号与前次不合" ;;
  esac
}

# What lies there: plain files alone, with the four that make a signed release.
[ -z "$(find . ! -type f ! -type d 2>&1)" ] || fail "有不是普通文件、或者读不了的东西"
for name in MANIFEST MANIFEST.sig MANIFEST.minisig latest.json; do
  [ -f "$name" ] && [ ! -h "$name" ] || stop "没有 $name：没有签名，或者不完整"
done

# The list: plain relative paths, sorted, none twice, whole lines; the very files that are there, with their bytes.
cut -c 67- MANIFEST >"$work/paths"
if [ ! -s MANIFEST ] || [ -n "$(tail -c 1 MANIFEST)" ] || ! tr -d '\000' <MANIFEST | cmp -s - MANIFEST ||
  ! iconv -f UTF-8 -t UTF-8 MANIFEST >/dev/null 2>&1 ||
  grep -Eavqx "$H  [^/\\[:cntrl:]][^\\[:cntrl:]]*" MANIFEST ||
  grep -Eaq '//|/$|^-$|(^|/)[.][.]?(/|$)|^(MANIFEST([.]sig|[.]minisig)?|latest[.]json)$' "$work/paths" ||
  ! sort -c -u "$work/paths" 2>/dev/null; then
  stop "清单 MANIFEST 不合规定：路径出格、次序不对，或者被截断"
fi
{ cat "$work/paths" && printf '%s\n' MANIFEST MANIFEST.sig MANIFEST.minisig latest.json; } | sort >"$work/wanted"
find . -type f 2>&1 | sed 's|^\./||' | sort >"$work/found"
cmp -s "$work/wanted" "$work/found" || fail "多出或缺少：$(comm -3 "$work/wanted" "$work/found" | sed 20q | cat -v)"
sha256sum -c --quiet MANIFEST >"$work/sums" 2>&1 || fail "改动过：$(sed 20q "$work/sums" | cat -v)"

# The chain: what was seen before, if anything, and the head that lies here.
if [ -n "$seen" ]; then
  judge "$work/seen" --seen
  old_statement=$statement old_sequence=$sequence old_manifest=$manifest old_as_of=$as_of
  cp "$work/statement" "$work/old"
fi
judge ./latest.json latest.json
if [ -n "$seen" ]; then
  if [ "$statement" -lt "$old_statement" ] || [ "$sequence" -lt "$old_sequence" ] ||
    { [ "$sequence" -eq "$old_sequence" ] && after "$old_as_of" "$as_of"; }; then
    fail "重放：比您见过的旧"
  fi
  [ "$statement" -ne "$old_statement" ] || cmp -s "$work/statement" "$work/old" || fail "分叉：密钥声明与您见过的不同"
  case $((sequence - old_sequence)) in
    0) [ "$manifest" = "$old_manifest" ] || fail "分叉：与您见过的不是同一次发布" ;;
    1) [ "$previous" = "$old_manifest" ] || fail "分叉：不是接着您见过的那一次" ;;
  esac
fi
after "$valid" "$now" || fail "过期：有效期到 $valid"

# Both signatures of the list.
[ "$(sha256sum <MANIFEST | cut -c 1-64)" = "$manifest" ] || fail "MANIFEST 不是 latest.json 所说的那一份"
signed MANIFEST MANIFEST.sig "$key" || fail "MANIFEST.sig 与 MANIFEST 不符"
comment=$(sed -n '3s/^trusted comment: \([ -~]*\)$/\1/p' MANIFEST.minisig)
unpack "$(sed -n 2p MANIFEST.minisig)" >"$work/packed"
tail -c +11 "$work/packed" >"$work/one"
unpack "$(sed -n 4p MANIFEST.minisig)" >"$work/two"
{
  printf 'untrusted comment: minisign signature\n'
  { printf ED && unpack "$key" | openssl dgst -sha256 -binary | dd bs=8 count=1 2>/dev/null && cat "$work/one"; } |
    openssl base64 -A
  printf '\ntrusted comment: %s\n' "$comment"
  openssl base64 -A -in "$work/two"
  echo
} | cmp -s - MANIFEST.minisig || fail "MANIFEST.minisig 不合格式"
openssl dgst -blake2b512 -binary MANIFEST >"$work/hash"
{ cat "$work/one" && printf %s "$comment"; } >"$work/sealed"
signed "$work/hash" "$work/one" "$key" && signed "$work/sealed" "$work/two" "$key" ||
  fail "MANIFEST.minisig 与 MANIFEST 不符"

[ "$bad" -eq 0 ] || exit 1
echo "已证明：清单上的 $(wc -l <MANIFEST | tr -d ' ') 个文件一个不多，一个不少，逐字节相符；清单由根公钥认可的发布密钥签名。"
echo "第 $sequence 次发布，签名时间 $as_of，有效期到 $valid。"
echo "未证明：是不是最新的一次（有效期满以前，扣住新版本不发看不出；重放要用 --seen 才看得出）；内容本身是否正确。"
