// Made by scripts/generate-functions.ts from scripts/functions.table. Change the table, not this file.
import type { Column } from '../column/column.ts'
import type { Decimal } from '../types/index.ts'
import {
  type ColumnArg,
  fn,
  type NullsOf,
  type NumberArg,
  type TextArg,
  type TypeOf,
  type ValueArg,
  value,
} from './call.ts'

/** `ascii(col)`: code of the first character; 0 for an empty text. */
export const ascii = <A extends TextArg>(col: A): Column<number | NullsOf<A>> => fn('ascii', [col])

/** `base64(col)`: the bytes as base64 text. */
export const base64 = <A extends ColumnArg<string | Uint8Array>>(col: A): Column<string | NullsOf<A>> =>
  fn('base64', [col])

/** `bit_length(col)`: length in bits. */
export const bit_length = <A extends ColumnArg<string | Uint8Array>>(col: A): Column<number | NullsOf<A>> =>
  fn('bit_length', [col])

/** `btrim(str, trim)`: without spaces, or the characters of `trim`, at both ends. */
export const btrim = <A extends TextArg, B extends TextArg = never>(
  str: A,
  trim?: B,
): Column<string | NullsOf<A> | NullsOf<B>> => fn('btrim', [str, trim])

/** `chr(col)`: the character of a code modulo 256. */
export const chr = <A extends NumberArg>(col: A): Column<string | NullsOf<A>> => fn('chr', [col])

/** `char(col)`: the character of a code modulo 256. */
export const char = <A extends NumberArg>(col: A): Column<string | NullsOf<A>> => fn('char', [col])

/** `char_length(str)`: length in characters, or bytes of a binary. */
export const char_length = <A extends ColumnArg<string | Uint8Array>>(str: A): Column<number | NullsOf<A>> =>
  fn('char_length', [str])

/** `character_length(str)`: length in characters, or bytes of a binary. */
export const character_length = <A extends ColumnArg<string | Uint8Array>>(str: A): Column<number | NullsOf<A>> =>
  fn('character_length', [str])

/** `collate(col, collation)`: the text with a collation, which decides how it compares. */
export const collate = <A extends TextArg>(col: A, collation: ValueArg<string>): Column<string | NullsOf<A>> =>
  fn('collate', [col, value(collation)])

/** `collation(col)`: name of the collation. */
export const collation = (col: TextArg): Column<string> => fn('collation', [col])

/** `concat_ws(sep, cols, …)`: the texts joined by a separator; nulls are left out. */
export const concat_ws = (sep: ValueArg<string>, ...cols: readonly ColumnArg[]): Column<string> =>
  fn('concat_ws', [value(sep), ...cols])

/** `contains(left, right)`: whether the right text is within the left. */
export const contains = <A extends ColumnArg<string | Uint8Array>, B extends ColumnArg<string | Uint8Array>>(
  left: A,
  right: B,
): Column<boolean | NullsOf<A> | NullsOf<B>> => fn('contains', [left, right])

/** `decode(col, charset)`: bytes as text of a character set. */
export const decode = <A extends ColumnArg<string | Uint8Array>>(
  col: A,
  charset: ValueArg<string>,
): Column<string | NullsOf<A>> => fn('decode', [col, value(charset)])

/** `elt(inputs, …)`: the n-th of the inputs, n being the first of them. */
export const elt = (...inputs: readonly ColumnArg[]): Column<string | null> => fn('elt', [...inputs])

/** `encode(col, charset)`: text as bytes of a character set. */
export const encode = <A extends TextArg>(col: A, charset: ValueArg<string>): Column<Uint8Array | NullsOf<A>> =>
  fn('encode', [col, value(charset)])

/** `endswith(str, suffix)`: whether the text ends so. */
export const endswith = <A extends ColumnArg<string | Uint8Array>, B extends ColumnArg<string | Uint8Array>>(
  str: A,
  suffix: B,
): Column<boolean | NullsOf<A> | NullsOf<B>> => fn('endswith', [str, suffix])

/** `find_in_set(str, str_array)`: place (from 1) in a comma-separated list, or 0. */
export const find_in_set = <A extends TextArg, B extends TextArg>(
  str: A,
  str_array: B,
): Column<number | NullsOf<A> | NullsOf<B>> => fn('find_in_set', [str, str_array])

/** `format_number(col, d)`: the number with thousands separators and `d` decimal places. */
export const format_number = <A extends NumberArg>(col: A, d: ValueArg<number>): Column<string | NullsOf<A>> =>
  fn('format_number', [col, value(d)])

/** `format_string(format, cols, …)`: the values in a printf pattern. */
export const format_string = (format: ValueArg<string>, ...cols: readonly ColumnArg[]): Column<string> =>
  fn('format_string', [value(format), ...cols])

/** `initcap(col)`: each word with a capital first letter. */
export const initcap = <A extends TextArg>(col: A): Column<string | NullsOf<A>> => fn('initcap', [col])

/** `instr(str, substr)`: place (from 1) of a text within another, or 0. */
export const instr = <A extends TextArg>(str: A, substr: ValueArg<string>): Column<number | NullsOf<A>> =>
  fn('instr', [str, value(substr)])

/** `is_valid_utf8(str)`: whether the bytes are valid UTF-8. */
export const is_valid_utf8 = <A extends ColumnArg<string | Uint8Array>>(str: A): Column<boolean | NullsOf<A>> =>
  fn('is_valid_utf8', [str])

/** `lcase(str)`: in lower case. */
export const lcase = <A extends TextArg>(str: A): Column<string | NullsOf<A>> => fn('lcase', [str])

/** `left(str, len)`: the first characters. */
export const left = <A extends ColumnArg<string | Uint8Array>, B extends NumberArg>(
  str: A,
  len: B,
): Column<TypeOf<A> | NullsOf<A> | NullsOf<B>> => fn('left', [str, len])

/** `len(col)`: length in characters, or bytes of a binary. */
export const len = <A extends ColumnArg<string | Uint8Array>>(col: A): Column<number | NullsOf<A>> => fn('len', [col])

/** `length(col)`: length in characters, or bytes of a binary. */
export const length = <A extends ColumnArg<string | Uint8Array>>(col: A): Column<number | NullsOf<A>> =>
  fn('length', [col])

/** `levenshtein(left, right, threshold)`: edit distance; -1 beyond the threshold. */
export const levenshtein = <A extends TextArg, B extends TextArg>(
  left: A,
  right: B,
  threshold?: ValueArg<number>,
): Column<number | NullsOf<A> | NullsOf<B>> => fn('levenshtein', [left, right, value(threshold)])

/** `locate(substr, str, pos)`: place (from 1) of a text at or after a position, or 0. */
export const locate = <A extends TextArg>(
  substr: ValueArg<string>,
  str: A,
  pos?: ValueArg<number>,
): Column<number | NullsOf<A>> => fn('locate', [value(substr), str, value(pos)])

/** `lower(col)`: in lower case. */
export const lower = <A extends TextArg>(col: A): Column<string | NullsOf<A>> => fn('lower', [col])

/** `lpad(col, len, pad)`: filled at the left, or cut, to a length. */
export const lpad = <A extends ColumnArg<string | Uint8Array>>(
  col: A,
  len: ValueArg<number>,
  pad: ValueArg<string> | ValueArg<Uint8Array>,
): Column<string | NullsOf<A>> => fn('lpad', [col, value(len), value(pad)])

/** `make_valid_utf8(str)`: invalid bytes replaced by U+FFFD. */
export const make_valid_utf8 = <A extends ColumnArg<string | Uint8Array>>(str: A): Column<string | NullsOf<A>> =>
  fn('make_valid_utf8', [str])

/** `octet_length(col)`: length in bytes. */
export const octet_length = <A extends ColumnArg<string | Uint8Array>>(col: A): Column<number | NullsOf<A>> =>
  fn('octet_length', [col])

/** `overlay(src, replace, pos, len)`: a part replaced, from a position (from 1) on. */
export const overlay = <
  A extends ColumnArg<string | Uint8Array>,
  B extends ColumnArg<string | Uint8Array>,
  C extends NumberArg,
  D extends NumberArg | Column<string | null> = never,
>(
  src: A,
  replace: B,
  pos: C,
  len?: D,
): Column<TypeOf<A> | NullsOf<A> | NullsOf<B> | NullsOf<C> | NullsOf<D>> => fn('overlay', [src, replace, pos, len])

/** `position(substr, str, start)`: place (from 1) of a text within another, or 0. */
export const position = <A extends TextArg, B extends TextArg, C extends NumberArg = never>(
  substr: A,
  str: B,
  start?: C,
): Column<number | NullsOf<A> | NullsOf<B> | NullsOf<C>> => fn('position', [substr, str, start])

/** `printf(format, cols, …)`: the values in a printf pattern. */
export const printf = <A extends TextArg, B extends readonly ColumnArg[]>(
  format: A,
  ...cols: B
): Column<string | NullsOf<A> | NullsOf<B[number]>> => fn('printf', [format, ...cols])

/** `quote(col)`: in single quotes, escaped as SQL needs it. */
export const quote = <A extends TextArg>(col: A): Column<string | NullsOf<A>> => fn('quote', [col])

/** `regexp_count(str, regexp)`: how often a regular expression matches. */
export const regexp_count = <A extends TextArg, B extends TextArg>(
  str: A,
  regexp: B,
): Column<number | NullsOf<A> | NullsOf<B>> => fn('regexp_count', [str, regexp])

/** `regexp_extract(str, pattern, idx)`: a group of the first match (0 is all of it); empty where nothing matches. */
export const regexp_extract = <A extends TextArg>(
  str: A,
  pattern: ValueArg<string>,
  idx: ValueArg<number>,
): Column<string | NullsOf<A>> => fn('regexp_extract', [str, value(pattern), value(idx)])

/** `regexp_extract_all(str, regexp, idx)`: a group of every match. */
export const regexp_extract_all = <A extends TextArg, B extends TextArg>(
  str: A,
  regexp: B,
  idx?: ValueArg<number>,
): Column<string[] | NullsOf<A> | NullsOf<B>> => fn('regexp_extract_all', [str, regexp, value(idx)])

/** `regexp_instr(str, regexp, idx)`: place (from 1) of the first match, or 0. */
export const regexp_instr = <A extends TextArg, B extends TextArg>(
  str: A,
  regexp: B,
  idx?: ValueArg<number>,
): Column<number | NullsOf<A> | NullsOf<B>> => fn('regexp_instr', [str, regexp, value(idx)])

/** `regexp_replace(string, pattern, replacement)`: every match replaced; `$1` stands for a group. */
export const regexp_replace = <A extends TextArg>(
  string: A,
  pattern: ValueArg<string>,
  replacement: ValueArg<string>,
): Column<string | NullsOf<A>> => fn('regexp_replace', [string, value(pattern), value(replacement)])

/** `regexp_substr(str, regexp)`: the first match; null where there is none. */
export const regexp_substr = (str: TextArg, regexp: TextArg): Column<string | null> =>
  fn('regexp_substr', [str, regexp])

/** `repeat(col, n)`: the text n times. */
export const repeat = <A extends TextArg, B extends NumberArg>(
  col: A,
  n: B,
): Column<string | NullsOf<A> | NullsOf<B>> => fn('repeat', [col, n])

/** `replace(src, search, replace)`: every occurrence of a text replaced. */
export const replace = <A extends TextArg, B extends TextArg, C extends TextArg = never>(
  src: A,
  search: B,
  replace?: C,
): Column<string | NullsOf<A> | NullsOf<B> | NullsOf<C>> => fn('replace', [src, search, replace])

/** `right(str, len)`: the last characters. */
export const right = <A extends TextArg, B extends NumberArg>(
  str: A,
  len: B,
): Column<string | NullsOf<A> | NullsOf<B>> => fn('right', [str, len])

/** `rpad(col, len, pad)`: filled at the right, or cut, to a length. */
export const rpad = <A extends ColumnArg<string | Uint8Array>>(
  col: A,
  len: ValueArg<number>,
  pad: ValueArg<string> | ValueArg<Uint8Array>,
): Column<string | NullsOf<A>> => fn('rpad', [col, value(len), value(pad)])

/** `sentences(string, language, country)`: the words of each sentence. */
export const sentences = <A extends TextArg, B extends TextArg = never, C extends TextArg = never>(
  string: A,
  language?: B,
  country?: C,
): Column<string[][] | NullsOf<A> | NullsOf<B> | NullsOf<C>> => fn('sentences', [string, language, country])

/** `soundex(col)`: code of the English sound. */
export const soundex = <A extends TextArg>(col: A): Column<string | NullsOf<A>> => fn('soundex', [col])

/** `split(str, pattern, limit)`: the parts between matches of a regular expression. */
export const split = <A extends TextArg, B extends NumberArg = never>(
  str: A,
  pattern: ValueArg<string>,
  limit?: B,
): Column<string[] | NullsOf<A> | NullsOf<B>> => fn('split', [str, value(pattern), limit])

/** `split_part(src, delimiter, partNum)`: one part (from 1; negative from the end); empty where there is none. */
export const split_part = <A extends TextArg, B extends TextArg, C extends NumberArg>(
  src: A,
  delimiter: B,
  partNum: C,
): Column<string | NullsOf<A> | NullsOf<B> | NullsOf<C>> => fn('split_part', [src, delimiter, partNum])

/** `startswith(str, prefix)`: whether the text begins so. */
export const startswith = <A extends ColumnArg<string | Uint8Array>, B extends ColumnArg<string | Uint8Array>>(
  str: A,
  prefix: B,
): Column<boolean | NullsOf<A> | NullsOf<B>> => fn('startswith', [str, prefix])

/** `substr(str, pos, len)`: from a position (from 1; negative from the end) on. */
export const substr = <A extends ColumnArg<string | Uint8Array>, B extends NumberArg, C extends NumberArg = never>(
  str: A,
  pos: B,
  len?: C,
): Column<TypeOf<A> | NullsOf<A> | NullsOf<B> | NullsOf<C>> => fn('substr', [str, pos, len])

/** `substring(str, pos, len)`: so many characters from a position (from 1; negative from the end) on. */
export const substring = <A extends ColumnArg<string | Uint8Array>, B extends NumberArg, C extends NumberArg>(
  str: A,
  pos: B,
  len: C,
): Column<TypeOf<A> | NullsOf<A> | NullsOf<B> | NullsOf<C>> => fn('substring', [str, pos, len])

/** `substring_index(str, delim, count)`: everything before the count-th delimiter; negative counts from the right. */
export const substring_index = <A extends TextArg>(
  str: A,
  delim: ValueArg<string>,
  count: ValueArg<number>,
): Column<string | NullsOf<A>> => fn('substring_index', [str, value(delim), value(count)])

/** `to_binary(col, format)`: text as bytes: hex (default), utf-8, base64. */
export const to_binary = <A extends TextArg, B extends TextArg = never>(
  col: A,
  format?: B,
): Column<Uint8Array | NullsOf<A> | NullsOf<B>> => fn('to_binary', [col, format])

/** `to_char(col, format)`: a number or a date in a pattern. */
export const to_char = <A extends ColumnArg, B extends TextArg>(
  col: A,
  format: B,
): Column<string | NullsOf<A> | NullsOf<B>> => fn('to_char', [col, format])

/** `to_number(col, format)`: text in a pattern as a number. */
export const to_number = <A extends TextArg, B extends TextArg>(
  col: A,
  format: B,
): Column<Decimal | NullsOf<A> | NullsOf<B>> => fn('to_number', [col, format])

/** `to_varchar(col, format)`: a number or a date in a pattern. */
export const to_varchar = <A extends ColumnArg, B extends TextArg>(
  col: A,
  format: B,
): Column<string | NullsOf<A> | NullsOf<B>> => fn('to_varchar', [col, format])

/** `translate(srcCol, matching, replace)`: characters replaced one by one. */
export const translate = <A extends TextArg>(
  srcCol: A,
  matching: ValueArg<string>,
  replace: ValueArg<string>,
): Column<string | NullsOf<A>> => fn('translate', [srcCol, value(matching), value(replace)])

/** `try_to_binary(col, format)`: text as bytes; null where it is malformed. */
export const try_to_binary = (col: TextArg, format?: TextArg): Column<Uint8Array | null> =>
  fn('try_to_binary', [col, format])

/** `try_to_number(col, format)`: text in a pattern as a number; null where it does not fit. */
export const try_to_number = (col: TextArg, format: TextArg): Column<Decimal | null> =>
  fn('try_to_number', [col, format])

/** `try_validate_utf8(str)`: the text; null where it is not valid UTF-8. */
export const try_validate_utf8 = (str: ColumnArg<string | Uint8Array>): Column<string | null> =>
  fn('try_validate_utf8', [str])

/** `ucase(str)`: in upper case. */
export const ucase = <A extends TextArg>(str: A): Column<string | NullsOf<A>> => fn('ucase', [str])

/** `unbase64(col)`: base64 text as bytes. */
export const unbase64 = <A extends TextArg>(col: A): Column<Uint8Array | NullsOf<A>> => fn('unbase64', [col])

/** `upper(col)`: in upper case. */
export const upper = <A extends TextArg>(col: A): Column<string | NullsOf<A>> => fn('upper', [col])

/** `validate_utf8(str)`: the text; an error where it is not valid UTF-8. */
export const validate_utf8 = <A extends ColumnArg<string | Uint8Array>>(str: A): Column<string | NullsOf<A>> =>
  fn('validate_utf8', [str])

/** `parse_url(url, partToExtract, key)`: a part of a URL: HOST, PATH, QUERY, …. */
export const parse_url = (url: TextArg, partToExtract: TextArg, key?: TextArg): Column<string | null> =>
  fn('parse_url', [url, partToExtract, key])

/** `try_parse_url(url, partToExtract, key)`: a part of a URL; null where it is malformed. */
export const try_parse_url = (url: TextArg, partToExtract: TextArg, key?: TextArg): Column<string | null> =>
  fn('try_parse_url', [url, partToExtract, key])

/** `url_decode(str)`: percent-encoding undone. */
export const url_decode = <A extends TextArg>(str: A): Column<string | NullsOf<A>> => fn('url_decode', [str])

/** `url_encode(str)`: percent-encoded. */
export const url_encode = <A extends TextArg>(str: A): Column<string | NullsOf<A>> => fn('url_encode', [str])

/** `try_url_decode(str)`: percent-encoding undone; null where it is malformed. */
export const try_url_decode = (str: TextArg): Column<string | null> => fn('try_url_decode', [str])

/** `mask(col, upperChar, lowerChar, digitChar, otherChar)`: letters and digits replaced by X, x and n. */
export const mask = <
  A extends TextArg,
  B extends TextArg = never,
  C extends TextArg = never,
  D extends TextArg = never,
  E extends TextArg = never,
>(
  col: A,
  upperChar?: B,
  lowerChar?: C,
  digitChar?: D,
  otherChar?: E,
): Column<string | NullsOf<A> | NullsOf<B> | NullsOf<C> | NullsOf<D> | NullsOf<E>> =>
  fn('mask', [col, upperChar, lowerChar, digitChar, otherChar])
