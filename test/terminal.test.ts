import { execFileSync } from 'node:child_process'
import { describe, expect, test } from '@jest/globals'
import { bytes, displayWidth, folded, plural, printable, shellWord, table } from '../lib/terminal.ts'

describe('printable', () => {
  test.each([
    ['a clear-screen sequence', '\u001b[2JQueen', '\\x1b[2JQueen'],
    ['a bell', 'Queen\u0007', 'Queen\\x07'],
    ['an OSC 8 link', '\u001b]8;;http://x\u0007Queen', '\\x1b]8;;http://x\\x07Queen'],
    ['a direction override', 'Queen\u202egnp.exe', 'Queen\\u202egnp.exe'],
    ['names of any script', 'Björk 椎名林檎 Кино', 'Björk 椎名林檎 Кино'],
  ])('%s', (_, text, expected) => {
    expect(printable(text)).toBe(expected)
  })
})

describe('displayWidth', () => {
  test.each([
    ['AC/DC', 5],
    ['椎名林檎', 8],
    ['Bjo\u0308rk', 5],
    ['🎸', 2],
  ])('%s takes %d columns', (text, width) => {
    expect(displayWidth(text)).toBe(width)
  })
})

test('long lines are folded at blanks, and nothing of a line gets lost', () => {
  expect(folded('Time: read 0.4 s, load 1.0 s\nshort', 20)).toBe('Time: read 0.4 s,\n  load 1.0 s\nshort')
  expect(folded('\u001b[2mDatabase: /a/very/long/address\u001b[22m', 20)).toBe(
    '\u001b[2mDatabase:\n  /a/very/long/address\u001b[22m',
  )
  expect(folded('  1  椎名林檎 椎名', 12)).toBe('  1\n    椎名林檎\n    椎名')
})

test('one is one', () => {
  expect([plural(0, 'play'), plural(1n, 'play'), plural(2000, 'play')]).toEqual(['0 plays', '1 play', '2,000 plays'])
})

test('a table aligns texts left and numbers right, across wide characters', () => {
  const text = table([
    ['椎名林檎', 12],
    ['Queen', 1234],
    [null, 5n],
  ])
  expect(text).toBe('椎名林檎     12\nQueen     1,234\n              5')
})

test('a cell that is too wide is cut with an ellipsis', () => {
  expect(table([['abcdefghij']], 5)).toBe('abcd…')
})

test.each([
  [999, '999 B'],
  [69_700_000, '69.7 MB'],
])('bytes(%d)', (value, expected) => {
  expect(bytes(value)).toBe(expected)
})

test.each([
  'plain.csv',
  "it's $5!.csv",
  'a\nb.csv',
  "tab\t'\\x99.csv",
  'back\\slash.csv',
  '-x',
  '\u202egnp.csv',
])('a word that is printed and pasted is what it was: %j', (text) => {
  const line = `printf %s ${printable(shellWord(text))}`
  expect(execFileSync('bash', ['-c', line], { env: { ...process.env, LC_ALL: 'C.UTF-8' } }).toString()).toBe(text)
})
