import { text } from './json.ts'

/*
 * The text of the HTML fragments that wikis give as a file's author or licence. They are short and from strangers: nothing
 * but text leaves this file.
 */

const maxHtml = 20_000
/** Elements whose content nobody sees. */
const unseen = /^(script|style|template|noscript|head|title|svg|math)$/
const hiddenStyle = /(?:display\s*:\s*none|visibility\s*:\s*hidden)/i
/** Elements without an end. */
const empty = /^(br|hr|img|input|meta|link|wbr|col|area|base|embed|source|track)$/
/** Elements after which another line begins; items of a list are told apart by a comma. */
const block = /^(p|div|br|hr|tr|table|ul|ol|dl|dt|dd|h[1-6]|section|blockquote)$/

const token = /<!--[\s\S]*?(?:-->|$)|<(\/?)([a-z][a-z0-9]*)((?:[^>"']|"[^"]*"|'[^']*')*)(?:>|$)|([^<]+)|(<)/gi

/**
 * The visible text of a fragment, at most `max` characters and never cut within a word if that can be helped; null for none.
 *
 * Hidden elements are left out, items of lists stand apart by ", ", character references are decoded; a tag that was
 * written as references does not come back as one.
 */
export function visibleText(html: unknown, max = 500): string | null {
  if (typeof html !== 'string') return null
  const open: string[] = []
  let hiddenAt: number | null = null
  let out = ''
  for (const [, slash, rawName, attributes = '', plain, stray] of html.slice(0, maxHtml).matchAll(token)) {
    const name = rawName?.toLowerCase()
    if (plain !== undefined || stray !== undefined) {
      if (hiddenAt === null) out += decoded(plain ?? stray ?? '')
      continue
    }
    if (name === undefined) continue
    if (hiddenAt === null) out += between(name, slash === '/')
    if (slash === '/') {
      const at = open.lastIndexOf(name)
      if (at < 0) continue
      open.length = at
      if (hiddenAt !== null && at <= hiddenAt) hiddenAt = null
    } else if (!empty.test(name) && !attributes.endsWith('/')) {
      if (hiddenAt === null && (unseen.test(name) || isHidden(attributes))) hiddenAt = open.length
      open.push(name)
    }
  }
  const clean = text(tidy(out), maxHtml)
  return clean === null ? null : shortened(clean, max)
}

const isHidden = (attributes: string) =>
  hiddenStyle.test(/\bstyle\s*=\s*(?:"([^"]*)"|'([^']*)'|(\S+))/i.exec(attributes)?.[0] ?? '') ||
  /(?:^|\s)hidden(?:\s|=|$)/i.test(attributes)

// Ends of items become commas; `tidy` takes those away that nothing follows.
const itemEnd = '\uE000'
const between = (name: string, isEnd: boolean): string =>
  name === 'li' && isEnd ? itemEnd : block.test(name) || name === 'li' || name === 'td' || name === 'th' ? ' ' : ''

const tidy = (value: string): string =>
  value
    .replace(/<\/?[a-z!][^>]*(?:>|$)/gi, ' ')
    .replace(/\s+/g, ' ')
    .replace(/[ \uE000]*\uE000[ \uE000]*/g, ', ')
    .replace(/(?:, )+$/, '')
    .replace(/^(?:, )+/, '')
    .trim()

function shortened(value: string, max: number): string {
  const letters = Array.from(value)
  if (letters.length <= max) return value
  const cut = letters.slice(0, max - 1).join('')
  const space = cut.lastIndexOf(' ')
  return `${(space > max / 2 ? cut.slice(0, space) : cut).replace(/[\s,;]+$/, '')}…`
}

// The names that wikis and their authors use: markup, typography, and the letters of Latin-1 in the order of their codes.
const named: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  ndash: '–',
  mdash: '—',
  lsquo: '‘',
  rsquo: '’',
  ldquo: '“',
  rdquo: '”',
  hellip: '…',
  bull: '•',
  trade: '™',
  euro: '€',
  OElig: 'Œ',
  oelig: 'œ',
  Scaron: 'Š',
  scaron: 'š',
  Yuml: 'Ÿ',
  zwnj: '',
  zwj: '',
  lrm: '',
  rlm: '',
  thinsp: ' ',
  ensp: ' ',
  emsp: ' ',
}
const latin1 =
  'nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml'.split(
    ' ',
  )
const codeOf = new Map(latin1.map((name, at) => [name, 160 + at]))

function decoded(value: string): string {
  return value.replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|([a-z][a-z0-9]{1,31}));?/gi, (whole, hex, decimal, name) => {
    if (name !== undefined) {
      const code = codeOf.get(name)
      return named[name] ?? (code === undefined ? whole : code === 160 ? ' ' : String.fromCodePoint(code))
    }
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16)
    const valid = code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff)
    return valid ? String.fromCodePoint(code) : ' '
  })
}
