import { addressOf, dayNumber, dayText, isView, type View, viewOf } from './address.ts'
import { answerTo } from './answer.ts'
import { showCards } from './cards.ts'
import { byId } from './element.ts'
import { linkNames } from './links.ts'
import { type Plays, readPlays } from './plays.ts'
import { sortableAsItIs } from './sorting.ts'

/** The choice of the reader, its answer and the address, kept equal. */
class Browse {
  readonly #plays: Plays
  readonly #station = byId<HTMLSelectElement>('browse-station')
  readonly #from = byId<HTMLInputElement>('browse-from')
  readonly #to = byId<HTMLInputElement>('browse-to')
  readonly #search = byId<HTMLInputElement>('browse-search')
  #view: View
  #isDrawn = true

  constructor(plays: Plays) {
    this.#plays = plays
    this.#view = viewOf(plays, location.hash)
    for (const input of [this.#station, this.#from, this.#to]) input.addEventListener('change', () => this.#chosen({}))
    // Who searches wants all that is found, not that within an artist.
    this.#search.addEventListener('input', () => this.#chosen({ artist: null, song: null }))
    byId('browse-reset').addEventListener('click', () => this.#go(viewOf(this.#plays, '')))
    window.addEventListener('hashchange', () => {
      // To another part of the page; the address without any part is where the reader began.
      if (location.hash !== '' && !isView(location.hash)) return
      this.#show(viewOf(this.#plays, location.hash))
      const title = byId('browse-view')
      title.focus({ preventScroll: true })
      title.scrollIntoView({ block: 'nearest' })
    })
    this.#show(this.#view)
    if (isView(location.hash)) byId('browse').scrollIntoView()
  }

  #chosen(more: Partial<View>): void {
    const { data } = this.#plays
    const within = (text: string, usual: number) =>
      Math.min(data.lastDay, Math.max(data.firstDay, dayNumber(text) ?? usual))
    const from = within(this.#from.value, data.firstDay)
    const choice = {
      station: this.#plays.stationOf.get(this.#station.value) ?? -1,
      from,
      to: Math.max(from, within(this.#to.value, data.lastDay)),
    }
    this.#view = { ...this.#view, ...more, choice, query: this.#search.value.trim() }
    // Typing makes no steps to go back through.
    history.replaceState(null, '', addressOf(this.#plays, this.#view))
    this.#draw()
  }

  #go(view: View): void {
    location.hash = addressOf(this.#plays, view)
  }

  #show(view: View): void {
    const { choice, query } = view
    this.#view = view
    this.#station.value = choice.station < 0 ? '' : this.#plays.data.stations[choice.station]!
    this.#from.value = dayText(choice.from)
    this.#to.value = dayText(choice.to)
    this.#search.value = query
    this.#drawNow()
  }

  /** Once before the next picture, however many keys were pressed. */
  #draw(): void {
    if (!this.#isDrawn) return
    this.#isDrawn = false
    requestAnimationFrame(() => this.#drawNow())
  }

  #drawNow(): void {
    this.#isDrawn = true
    const { said, shown } = answerTo(this.#plays, this.#view)
    byId('browse-said').textContent = said
    byId('browse-answer').replaceChildren(...shown)
  }
}

function start(): void {
  const block = document.getElementById('browse-data')
  const plays = block === null ? null : readPlays(JSON.parse(block.textContent))
  if (plays !== null) {
    for (const hidden of document.querySelectorAll<HTMLElement>('.browse[hidden]')) hidden.hidden = false
    new Browse(plays)
    showCards(plays)
  }
  const prepared = new Set<HTMLTableElement>()
  const prepare = (table: HTMLTableElement) => {
    if (prepared.has(table)) return
    prepared.add(table)
    if (plays !== null) linkNames(table, plays)
    sortableAsItIs(table)
  }
  const tables = [...document.querySelectorAll('table')].filter((table) => table.closest('#browse') === null)
  for (const table of tables) if (table.closest('details:not([open])') === null) prepare(table)
  // `toggle` does not bubble. Tables that nobody opens cost nothing.
  const opened = (event: Event) => {
    if (event.target instanceof HTMLDetailsElement) event.target.querySelectorAll('table').forEach(prepare)
  }
  document.addEventListener('toggle', opened, { capture: true })
}

start()
