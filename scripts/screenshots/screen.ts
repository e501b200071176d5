/** Text of one look on a line of a terminal. */
export interface Span {
  readonly text: string
  /** `bold`, `dim`, and colours by their number: `c31`. */
  readonly classes: readonly string[]
}

/**
 * What a terminal shows after so much output: carriage returns and erased lines are carried out, colours become classes.
 * Knows what our commands write (SGR colours, `\r`, erase line), no cursor movement.
 */
export function screenOf(output: string): Span[][] {
  const lines: Span[][] = [[]]
  let classes: readonly string[] = []
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what this reads
  for (const [token] of output.matchAll(/\u001b\[[\d;]*[A-Za-z]|\r?\n|\r|[^\u001b\r\n]+/g)) {
    const line = lines.at(-1)!
    if (token.endsWith('\n')) lines.push([])
    else if (token === '\r' || token === '\u001b[2K') line.length = 0
    else if (token.startsWith('\u001b') && token.endsWith('m')) classes = looks(token, classes)
    else if (!token.startsWith('\u001b')) line.push({ text: token, classes })
  }
  while (lines.at(-1)?.length === 0) lines.pop()
  return lines
}

function looks(token: string, before: readonly string[]): readonly string[] {
  let now = before
  for (const code of token.slice(2, -1).split(';').map(Number)) {
    if (code === 0) now = []
    else if (code === 1) now = [...now, 'bold']
    else if (code === 2) now = [...now, 'dim']
    else if (code === 22) now = now.filter((each) => each !== 'bold' && each !== 'dim')
    else if (code === 39) now = now.filter((each) => !each.startsWith('c'))
    else now = [...now, `c${code}`]
  }
  return now
}
