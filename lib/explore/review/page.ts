import { type Html, html } from '../../report/index.ts'
import { plural } from '../../terminal.ts'
import { address, document } from '../document.ts'
import { againstIt, type Card, sharedBy } from './card.ts'
import type { Board, Decided } from './decisions.ts'
import { reviewScript } from './script.ts'

const cardsShown = 20
const rowsShown = 20

/** The page on which names are decided; it works without its script, which adds the keys and keeps the place. */
export function reviewPage(board: Board, token: string, message = ''): string {
  return document(
    'Review',
    html`<p>Two names at a time: are they the same? The pair that moves most plays comes first. Press
      <kbd>s</kbd> same, <kbd>d</kbd> different, <kbd>l</kbd> later, <kbd>u</kbd> undo. A decision goes into
      <code>${board.file}</code> at once; the next <code>npm run job:aggregate</code> applies it.</p>
      <p id="said" role="status" aria-live="polite">${message}</p><div id="board">${boardMarkup(board, token)}</div>`,
    { script: reviewScript },
  )
}

/** What a decision changes on the page. */
export function boardMarkup({ open, decided, waiting }: Board, token: string): Html {
  const shown = open.slice(0, cardsShown)
  const more = open.length - shown.length
  const effect =
    waiting.rows === 0
      ? 'No decision waits for the next run.'
      : `${plural(waiting.rows, 'decision')} ${waiting.rows === 1 ? 'waits' : 'wait'} for the next run: ${plural(waiting.plays, 'play')} would move.`
  return html`<p><strong>${effect}</strong> ${open.length === 0 ? 'Nothing is left to be decided.' : `${plural(open.length, 'pair')} to be decided.`}</p>
    ${shown.map((card) => cardMarkup(card, token))}${more > 0 && html`<p>${plural(more, 'pair')} after these.</p>`}
    ${decidedMarkup(decided, token)}`
}

function cardMarkup(card: Card, token: string): Html {
  const { pair, a, b, moves } = card
  const isAct = pair.verdict === 'mbid'
  const [yes, no] = isAct ? ['right', 'wrong'] : ['same', 'different']
  const of = pair.kind === 'song' && html` by ${artistLink(pair.artist ?? '')}`
  const now = isAct ? 'looked up as' : pair.verdict === 'same' ? 'now one' : 'now two'
  const moved = Math.max(moves.same, moves.different)
  const title = html`<h2>${name(card, pair.a)} <small>${now}</small> ${isAct ? html`<code>${pair.b}</code>` : name(card, pair.b)}</h2>`
  const plays = isAct
    ? plural(pair.plays, 'play')
    : `${plural(a.plays, 'play')} and ${plural(b.plays, 'play')}; ${plural(moved, 'play')} would move if they are ${pair.verdict === 'same' ? 'different' : 'the same'}`
  const rule = `${pair.method}${pair.score === null ? '' : ` (${pair.score.toFixed(3)})`}${isAct || pair.why === null ? '' : `: ${pair.why}`}`
  const spelled = isAct ? [] : [a, b].filter((side) => side.spellings.length > 1)
  const fact = (label: string, texts: readonly string[]) =>
    texts.length > 0 && html`<dt>${label}</dt>${texts.map((text) => html`<dd>${text}</dd>`)}`
  return html`<article tabindex="-1" id="${card.id}">${title}<p>${pair.kind}${of} · ${plays}</p><dl>
    ${fact('For', sharedBy(card))}${fact('Against', againstIt(card))}${fact('Rule', [rule])}
    ${fact(
      'Spellings',
      spelled.map((side) => side.spellings.slice(0, 8).join(' · ')),
    )}</dl>
    <form method="post" action="/review/decide"><input type="hidden" name="token" value="${token}"><input type="hidden" name="card" value="${card.id}">
    <button name="answer" value="same" aria-keyshortcuts="s">${yes} <kbd>s</kbd></button>
    <button name="answer" value="different" aria-keyshortcuts="d">${no} <kbd>d</kbd></button>
    <button name="answer" value="later" aria-keyshortcuts="l">later <kbd>l</kbd></button></form></article>`
}

const artistLink = (artist: string) => html`<a href="${address('/artist', { name: artist })}">${artist}</a>`
const name = ({ pair }: Card, text: string) => (pair.kind === 'artist' ? artistLink(text) : text)

function decidedMarkup(decided: readonly Decided[], token: string): Html {
  if (decided.length === 0) return html`<h2>In the file</h2><p>Nothing yet.</p>`
  const undo = (id: string, text: Html | string) =>
    html`<form method="post" action="/review/undo"><input type="hidden" name="token" value="${token}"><input type="hidden" name="row" value="${id}"><button>${text}</button></form>`
  const rows = decided.slice(0, rowsShown).map(({ id, row, moves }) => {
    const effect = moves === null ? 'applied, or written by hand' : `${plural(moves, 'play')} would move`
    return html`<tr><td class="n">${row.row}</td><td>${row.verdict}</td><td>${row.a}</td><td>${row.b}</td><td>${row.artist}</td><td>${effect}</td><td>${undo(id, 'Undo')}</td></tr>`
  })
  const header = ['Row', 'Verdict', 'A', 'B', 'Artist', 'Effect', 'Undo'].map(
    (each) => html`<th scope="col">${each}</th>`,
  )
  const more = decided.length > rowsShown && html`<p>The newest ${rowsShown} of ${decided.length} rows.</p>`
  return html`<h2>In the file</h2><form method="post" action="/review/undo"><input type="hidden" name="token" value="${token}"><button id="undo" aria-keyshortcuts="u">Undo the last decision <kbd>u</kbd></button></form>${more}<div class="scroll" tabindex="0" role="region" aria-label="Rows of the file"><table><thead><tr>${header}</tr></thead><tbody>${rows}</tbody></table></div>`
}
