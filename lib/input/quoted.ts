import { printable } from '../terminal.ts'

const maxShownNames = 12

/** Names for a message: the first twelve, in quotes. */
export function listed(names: readonly string[]): string {
  const given = names.filter((name) => name !== '')
  const shown = given.slice(0, maxShownNames).map(quoted).join(', ')
  return given.length > maxShownNames ? `${shown} and ${given.length - maxShownNames} more` : shown || 'no names'
}

/** A text of a file for a message: printable, in quotes, not too long. */
export function quoted(text: string): string {
  const safe = printable(text)
  return `"${safe.length > 40 ? `${safe.slice(0, 39)}…` : safe}"`
}
