import { stripVTControlCharacters } from 'node:util'
import picocolors from 'picocolors'

/** Colours for stdout: none into a pipe, under NO_COLOR, --no-color or TERM=dumb. */
export const colours = picocolors.createColors(picocolors.isColorSupported && process.stdout.isTTY === true)

/** How many columns a character takes on a terminal: 0 for marks, 2 for East Asian wide forms and emoji, else 1. */
function charWidth(char: string): number {
  if (/^[\p{M}\u200b-\u200f\u2060\ufeff]$/u.test(char)) return 0
  const code = char.codePointAt(0) ?? 0
  const wide =
    (code >= 0x1100 && code <= 0x115f) ||
    (code >= 0x2e80 && code <= 0xa4cf) ||
    (code >= 0xac00 && code <= 0xd7a3) ||
    (code >= 0xf900 && code <= 0xfaff) ||
    (code >= 0xfe30 && code <= 0xfe6f) ||
    (code >= 0xff00 && code <= 0xff60) ||
    (code >= 0xffe0 && code <= 0xffe6) ||
    (code >= 0x1f300 && code <= 0x1faff) ||
    (code >= 0x20000 && code <= 0x3fffd)
  return wide ? 2 : 1
}

/** The width of a text on a terminal, in columns. */
export function displayWidth(text: string): number {
  let width = 0
  for (const char of text) width += charWidth(char)
  return width
}

/**
 * Text from the data made safe to print: control characters, escape sequences and direction overrides become visible
 * `\x1b` forms, since a song title must not be able to clear a screen or to write a file name backwards.
 */
export function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this looks for
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g, (char) => {
    const code = char.charCodeAt(0)
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`
  })
}

/**
 * A word of a command line that can be pasted into bash, zsh, fish and PowerShell: in quotes where one of them would read it
 * as something else. One with characters that cannot be printed is for bash and zsh.
 */
export function shellWord(text: string): string {
  if (/^[\p{L}\p{N}_.,:=+/@%-]+$/u.test(text) && !text.startsWith('-')) return text
  if (printable(text) !== text) return `$'${Array.from(text, escaped).join('')}'`
  return /["$`\\!]/.test(text) ? `'${text.replaceAll("'", "'\\''")}'` : `"${text}"`
}

function escaped(char: string): string {
  if (printable(char) !== char) return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`
  return char === "'" || char === '\\' ? `\\${char}` : char
}

/** A number for people: `37672` → `37,672`. */
export function count(value: number | bigint): string {
  return value.toLocaleString('en-US')
}

/** A number of things for people: `1 play`, `37,672 plays`. */
export function plural(value: number | bigint, one: string, many = `${one}s`): string {
  return `${count(value)} ${Number(value) === 1 ? one : many}`
}

/** Seconds for people, from milliseconds: `1234` → `1.2 s`. */
export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`
}

/** Bytes for people, in powers of 1,000: `69700000` → `69.7 MB`. */
export function bytes(value: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  let at = 0
  while (value >= 1000 && at < units.length - 1) {
    value /= 1000
    at++
  }
  return `${at === 0 ? value : value.toFixed(1)} ${units[at]}`
}

/**
 * Rows as aligned columns, two spaces apart; numbers to the right, texts to the left and made safe to print.
 * Cells wider than `maxWidth` (one for all columns, or one for each) end in `…`.
 */
export function table(
  rows: readonly (readonly (string | number | bigint | null)[])[],
  maxWidth: number | readonly number[] = 40,
): string {
  const most = (column: number) => (typeof maxWidth === 'number' ? maxWidth : maxWidth[column]!)
  const cells = rows.map((row) =>
    row.map((cell, i) => ({
      text: cell === null ? '' : typeof cell === 'string' ? clip(printable(cell), most(i)) : count(cell),
      right: typeof cell !== 'string' && cell !== null,
    })),
  )
  const widths: number[] = []
  for (const row of cells) {
    row.forEach((cell, i) => {
      widths[i] = Math.max(widths[i] ?? 0, displayWidth(cell.text))
    })
  }
  return cells
    .map((row) =>
      row
        .map((cell, i) => {
          const pad = ' '.repeat(widths[i]! - displayWidth(cell.text))
          return cell.right ? pad + cell.text : cell.text + pad
        })
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

/** Lines longer than so many columns go on in the next one, two columns in; they break at blanks alone. */
export function folded(text: string, columns: number): string {
  return text
    .split('\n')
    .map((line) => {
      if (displayWidth(stripVTControlCharacters(line)) <= columns) return line
      const indent = /^ */.exec(line)![0]
      const [first = '', ...words] = line.slice(indent.length).split(' ')
      const lines: string[] = []
      let current = `${indent}${first}`
      for (const word of words) {
        const longer = `${current} ${word}`
        if (word !== '' && displayWidth(stripVTControlCharacters(longer)) > columns) {
          lines.push(current.trimEnd())
          current = `${indent}  ${word}`
        } else current = longer
      }
      return [...lines, current].join('\n')
    })
    .join('\n')
}

/** The text in at most so many columns; a longer one ends in `…`. */
export function clip(text: string, maxWidth: number): string {
  if (displayWidth(text) <= maxWidth) return text
  let width = 0
  let kept = ''
  for (const char of text) {
    width += charWidth(char)
    if (width > maxWidth - 1) break
    kept += char
  }
  return `${kept}…`
}
