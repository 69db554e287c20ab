import { expect, it } from "vitest";
import { visibleText } from "#lib/standards/visible-text.ts";

it.each([
  ["Google Inc.", "Google Inc.", "nothing to do"],
  ["Почта Mail 邮件", "Почта Mail 邮件", "letters of any script"],
  ["\u202emoc.elgoog", "\\u{202e}moc.elgoog", "letters turned round"],
  ["a\r\nb\tc\0", "a\\u{d}\\u{a}b\\u{9}c\\u{0}", "lines and controls"],
  ["a\u2028b\u2029", "a\\u{2028}b\\u{2029}", "separators of lines"],
  ["zero\u200bwidth\ufeff", "zero\\u{200b}width\\u{feff}", "what has no width"],
  ["\ud83d", "\ufffd", "half a character"],
  ["\u{e0041}", "\\u{e0041}", "a tag beyond the first plane"],
  ["<b>&amp;", "<b>&amp;", "markup is text: whoever draws it escapes it"],
])("%j", (text, shown, _reason) => {
  expect(visibleText(text)).toBe(shown);
});

it.each([
  ["abcd", 4, "abcd", "as long as may be"],
  ["abcde", 4, "abcd…", "one more"],
  ["abc🔐", 4, "abc…", "a pair is not cut in two"],
  ["\n\n\n", 2, "\\u{a}\\u{a}…", "letters are counted as sent"],
])("%j in %d letters", (text, most, shown, _reason) => {
  expect(visibleText(text, most)).toBe(shown);
});
