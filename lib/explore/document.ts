import { createHash } from 'node:crypto'
import { Html, type HtmlValue, html } from '../report/index.ts'

/*
 * The frame of every page. Whatever comes from the data goes through `html`, which escapes; a page runs no script but the one
 * that its policy names by hash, so that even a hole in the escaping could run nothing.
 */

const style = `
:root{color-scheme:light dark;--line:light-dark(#ccd,#445);--soft:light-dark(#f4f5f9,#1d2029);--text:light-dark(#161a26,#e8eaf2);--link:light-dark(#1c4fc4,#8db4ff)}
body{margin:0 auto;max-width:90rem;padding:1rem;font:16px/1.5 system-ui,sans-serif;color:var(--text);background:light-dark(#fff,#12141b)}
a{color:var(--link)}nav{display:flex;flex-wrap:wrap;gap:1rem;align-items:center;border-bottom:1px solid var(--line);padding-bottom:.5rem}
input,button,select,textarea{font:inherit;padding:.2rem .5rem}form{display:flex;flex-wrap:wrap;gap:.5rem}
.scroll{overflow-x:auto}table{border-collapse:collapse;font-size:.875rem}
th,td{border-bottom:1px solid var(--line);padding:.25rem .6rem;text-align:left;vertical-align:top;max-width:30rem;overflow-wrap:break-word}th,td.n{white-space:nowrap}
th{background:var(--soft)}td.n{text-align:right;font-variant-numeric:tabular-nums}td.null{opacity:.5}
article{border:1px solid var(--line);border-radius:.5rem;padding:.25rem 1rem 1rem;margin:1rem 0;max-width:60rem}
article:first-of-type{border-color:var(--link)}article h2{margin:.5rem 0;overflow-wrap:anywhere}article h2 small{font-weight:normal;opacity:.75}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1rem;margin:.5rem 0}dt{opacity:.75}dd{margin:0;grid-column:2;overflow-wrap:anywhere}
kbd{border:1px solid var(--line);border-radius:.2rem;padding:0 .3rem;font-size:.8rem}#said:empty{display:none}
form.large{margin:1rem 0}form.large input{min-width:20rem;font-size:1.2rem}pre{font-size:.875rem;line-height:1.4}.as{font-size:.875rem;margin:.25rem 0 1rem}
figure{margin:1rem 0;max-width:60rem}svg rect{fill:var(--link)}svg text{font-size:12px;fill:var(--text)}img{border-radius:.5rem;max-width:160px;height:auto}
:focus-visible{outline:2px solid var(--link);outline-offset:2px}
`.trim()

const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

/** The policy under which a page runs: no script but this one, no pictures but of these hosts, nothing else from elsewhere. */
export function policyWith(script?: string, pictures: readonly string[] = []): string {
  return [
    "default-src 'none'",
    `style-src ${hash(style)}`,
    ...(pictures.length > 0 ? [`img-src ${pictures.join(' ')}`] : []),
    ...(script === undefined ? [] : [`script-src ${hash(script)}`, "connect-src 'self'"]),
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}

/** What a page has besides its title and body. */
export interface DocumentOptions {
  /** The text that was searched for. */
  readonly search?: string
  /** Script of ours, allowed by `policyWith`; nothing from the data may be in it. */
  readonly script?: string
}

/** A whole page. */
export function document(title: string, body: HtmlValue, { search = '', script }: DocumentOptions = {}): string {
  const head = `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><style>${style}</style>`
  const run = script !== undefined && new Html(`<script type="module">${script}</script>`)
  return `${head}${html`<title>${title} – radio-plays</title></head><body>
<nav aria-label="Pages"><a href="/">Overview</a><a href="/review">Review</a><a href="/sql">SQL</a><a href="/report">Report</a>
<form action="/search" role="search"><input name="q" value="${search}" aria-label="Search artists, songs and stations" required maxlength="200"><button>Search</button></form></nav>
<main><h1>${title}</h1>${body}</main>${run}</body></html>`}`
}

/** The address of a page of ours. */
export function address(path: string, query: Readonly<Record<string, string | number>>): string {
  return `${path}?${new URLSearchParams(Object.entries(query).map(([key, value]): [string, string] => [key, String(value)]))}`
}

/** A link to a page of ours. */
export function link(path: string, query: Readonly<Record<string, string | number>>, text: HtmlValue): Html {
  return html`<a href="${address(path, query)}">${text}</a>`
}

const newLine = html`
`

/** A text of several lines: line ends are markup's, everything else in it is escaped. */
export function lines(text: string): Html[] {
  return text.split(/\r?\n/).map((line, i) => html`${i > 0 && newLine}${line}`)
}
