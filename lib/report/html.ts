import { printable } from '../terminal.ts'

/** Markup that is safe to put into a page. Only `html` makes it. */
export class Html {
  readonly #text: string

  constructor(text: string) {
    this.#text = text
  }

  toString(): string {
    return this.#text
  }
}

/** What an `html` template takes; text is escaped. */
export type HtmlValue = Html | string | number | bigint | null | undefined | false | readonly HtmlValue[]

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/**
 * Text as it looks, whatever is in it: markup characters escaped (valid in elements and in quoted attributes), control
 * characters and direction overrides made visible.
 */
function escaped(text: string): string {
  return printable(text).replace(/[&<>"']/g, (character) => escapes[character]!)
}

function rendered(value: HtmlValue): string {
  if (value === null || value === undefined || value === false) return ''
  if (value instanceof Html) return value.toString()
  if (typeof value === 'object') return value.map(rendered).join('')
  return escaped(String(value))
}

/**
 * A template of markup: what is put in is text and is escaped, unless it is markup of this template itself.
 *
 * Attributes must be quoted in the template. Arrays are joined; null, undefined and false are nothing.
 *
 * ```ts
 * html`<b title="${'"><script>'}">${'<i>'}</b>`   // <b title="&quot;&gt;&lt;script&gt;">&lt;i&gt;</b>
 * ```
 */
export function html(strings: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  return new Html(strings.reduce((text, part, i) => text + part + (i < values.length ? rendered(values[i]) : ''), ''))
}

/**
 * The address if a page may link to it or show it: https, or http on this machine (stub services); else null.
 * What a provider or a log calls a URL may be `javascript:` or `data:`.
 */
export function safeUrl(text: string | null | undefined): string | null {
  if (!text) return null
  let url: URL
  try {
    url = new URL(text)
  } catch {
    return null
  }
  if (url.username !== '' || url.password !== '') return null
  if (url.protocol === 'https:') return url.href
  return url.protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname) ? url.href : null
}

/**
 * The address as `url("…")` of a style sheet inside a page. Everything that could end the text, the rule or the `style`
 * element is percent-encoded, which an address may always be.
 */
export function cssUrl(safeAddress: string): string {
  const text = safeAddress.replace(/[^A-Za-z0-9\-._~:/?#@!$&'()*+,;=%[\]]/g, (character) =>
    [...Buffer.from(character)].map((byte) => `%${byte.toString(16).padStart(2, '0').toUpperCase()}`).join(''),
  )
  return `url("${text}")`
}
