/** What JavaScript wants of an object in an expression. */
export type PrimitiveHint = 'string' | 'number' | 'default'

/** The text of a value that has no operators. *Errors:* TypeError for `<` and `+`, which would compare or join texts. */
export const textOnly = (hint: PrimitiveHint, noun: string, text: string, advice: string): string => {
  if (hint === 'string') return text
  throw new TypeError(`${noun} ${text} has no operators: ${advice}, print with String(a)`)
}

type Style = 'number' | 'date' | 'special'

/** Node's `console.log` and `util.inspect` show values, not how they are stored: `1.50`, `2024-05-01 12:30:00Z`. */
const printed = (style: Style) =>
  function (this: object, _depth: number, options: { stylize?: (text: string, style: string) => string }): string {
    const text = String(this).replace(/^([+-]?\d+-\d\d-\d\d)T/, '$1 ')
    return options?.stylize?.(text, style) ?? text
  }

/** Makes the values of a class print as their text. */
export const printAs = (style: Style, ...classes: readonly { readonly prototype: object }[]): void => {
  for (const { prototype } of classes) {
    const value = printed(style)
    Object.defineProperty(prototype, Symbol.for('nodejs.util.inspect.custom'), { value, configurable: true })
  }
}
