/**
 * The text with its commands as they are typed here: `npm run job:aggregate -- --help` in a clone of the repository, `radio-plays
 * aggregate --help` where the package is installed.
 */
export function asTyped(text: string): string {
  const bin = process.env.RADIO_PLAYS_BIN
  if (bin === undefined) return text
  return text.replace(/npm run (?:job:|data:)?([a-z][a-z:-]*)(?: --(?!\w))?/g, `${bin} $1`)
}
