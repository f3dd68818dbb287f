// Python in the colours of the page: the classes are those of Pygments, as far as book.css tells
// them apart. What has the colour of ink gets no class.

const NAME = "[\\p{L}_][\\p{L}\\p{N}_]*";
const KEYWORDS =
  "and as assert async await break class continue def del elif else except False finally for " +
  "from global if import in is lambda None nonlocal not or pass raise return True try while " +
  "with yield";
const METHODS =
  "add array array_ufunc bool call contains del delitem enter eq exit float format ge getattr " +
  "getitem gt hash init int invert iter le len lt matmul mul ne neg new next or pow radd repr " +
  "reversed rmatmul rmul round rsub setattr setitem str sub truediv xor";
const DEFINED = new Map([
  ["def", "nf"],
  ["class", "nc"],
]);
const DIGITS = "\\d(?:_?\\d)*";

const anyOf = (words) => words.replaceAll(" ", "|");
const string = (quote) => `${quote}(?:[^\\\\${quote}\\n]|\\\\[^])*${quote}?`;
const longString = (quotes) => `${quotes}(?:[^\\\\]|\\\\[^])*?(?:${quotes}|$)`;

// One alternative each: the first that fits at a place is the token there.
const TOKEN = new RegExp(
  [
    "(?<c1>#.*)",
    `(?<prefix>(?:\\b[bBfFrRuU]{1,2})?)(?<s1>${longString('"""')}|${longString("'''")}` +
      `|${string('"')}|${string("'")})`,
    `(?<nd>@${NAME})`,
    `(?<k>\\b(?:${anyOf(KEYWORDS)})\\b)`,
    `(?<fm>\\b__(?:${anyOf(METHODS)})__\\b)`,
    `(?<n>${NAME})`,
    `(?<mi>0(?:[xX][\\da-fA-F_]+|[bB][01_]+|[oO][0-7_]+)` +
      `|(?:${DIGITS}(?:\\.(?:${DIGITS})?)?|\\.${DIGITS})(?:[eE][+-]?${DIGITS})?[jJ]?)`,
  ].join("|"),
  "gu",
);

const ENTITIES = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };
const escaped = (text) => text.replace(/[&<>]/g, (letter) => ENTITIES[letter]);
const span = (kind, text) => text && `<span class="${kind}">${escaped(text)}</span>`;

/** Where the code between the braces of an f-string ends, from the place where it begins. */
function endOfCode(text, start) {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    if ("([{".includes(text[at])) depth++;
    else if (depth && ")]}".includes(text[at])) depth--;
    else if (!depth && /^(?:[:}]|![^=]|=\s*[:}!])/.test(text.slice(at))) return at;
  }
  return text.length;
}

/** An f-string: between single braces there is code, up to a format. */
function formatted(text) {
  let shown = "";
  let start = 0;
  for (const { index } of text.matchAll(/\{\{|\{/g)) {
    if (index < start || text[index + 1] === "{") continue;
    const end = endOfCode(text, index + 1);
    shown += span("s1", text.slice(start, index + 1)) + highlight(text.slice(index + 1, end));
    start = end;
  }
  return shown + span("s1", text.slice(start));
}

/** The code as HTML. */
export function highlight(code) {
  let shown = "";
  let start = 0;
  let before = "";
  for (const { 0: text, index, groups } of code.matchAll(TOKEN)) {
    shown += escaped(code.slice(start, index));
    start = index + text.length;
    const kind = Object.keys(groups).find((name) => name !== "prefix" && groups[name]);
    if (kind === "s1" && /f/i.test(groups.prefix)) {
      shown += span("s1", groups.prefix) + formatted(groups.s1);
    } else if (kind === "n") {
      shown += DEFINED.has(before) ? span(DEFINED.get(before), text) : escaped(text);
    } else shown += span(kind, text);
    before = text;
  }
  return shown + escaped(code.slice(start));
}
