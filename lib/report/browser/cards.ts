import { dayText } from './address.ts'
import { counted, element } from './element.ts'
import { countAll, type Plays } from './plays.ts'

const delayMs = 200

/** Shows a card for each name that has one while the pointer or the keyboard is on it; Escape puts it away. */
export function showCards(plays: Plays): void {
  const card = element('div', { id: 'browse-card', role: 'tooltip', hidden: '' })
  document.body.append(card)
  let of: Element | null = null
  let timer = 0
  const hide = () => {
    clearTimeout(timer)
    of?.removeAttribute('aria-describedby')
    of = null
    card.hidden = true
  }
  const show = (link: HTMLElement) => {
    if (link === of) return
    hide()
    of = link
    card.replaceChildren(...cardOf(plays, link))
    card.hidden = false
    link.setAttribute('aria-describedby', card.id)
    place(card, link)
  }
  const linkAt = (event: Event) =>
    event.target instanceof Element
      ? event.target.closest<HTMLElement>('a[data-artist],a[data-song],a[data-station]')
      : null
  document.addEventListener('pointerover', (event) => {
    const link = linkAt(event)
    clearTimeout(timer)
    // The pointer may go onto the card to read it.
    if (link === of || (event.target instanceof Node && card.contains(event.target))) return
    timer = setTimeout(() => (link ? show(link) : hide()), delayMs)
  })
  document.addEventListener('focusin', (event) => {
    const link = linkAt(event)
    if (link?.matches(':focus-visible')) show(link)
    else hide()
  })
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') hide()
  })
  window.addEventListener('hashchange', hide)
}

function cardOf(plays: Plays, link: HTMLElement): Node[] {
  const { artist, song, station } = link.dataset
  const { data, songs } = plays
  const all = { station: station === undefined ? -1 : Number(station), from: data.firstDay, to: data.lastDay }
  const among = song !== undefined ? [Number(song)] : artist !== undefined ? plays.songsOf[Number(artist)]! : null
  const counts = countAll(plays, all, among)
  const title = element('strong', {}, element('bdi', {}, link.textContent))
  const stations = counts.byStation.filter((each) => each > 0).length
  const lines = [`${counted(counts.total)} plays${stations > 1 ? ` on ${counted(stations)} stations` : ''}`]
  if (song !== undefined) lines.unshift(`by ${data.artists[songs[Number(song)]!.artist]!}`)
  const best = [...counts.bySong.entries()].filter(([, count]) => count > 0).sort((a, b) => b[1] - a[1])
  if (song === undefined) {
    const named = best.slice(0, 3).map(([each, count]) => `${songs[each]!.title} (${counted(count)})`)
    lines.push(`${counted(best.length)} songs; most played: ${named.join(', ')}`)
  }
  const days = [...counts.byDay.entries()].filter(([, count]) => count > 0)
  if (days.length > 0) {
    const [first, last] = [days[0]![0], days.at(-1)![0]].map((day) => dayText(data.firstDay + day))
    const peak = counts.byHour.indexOf(Math.max(...counts.byHour))
    lines.push(first === last ? `on ${first}` : `${first} to ${last}, most often from ${peak} to ${peak + 1} h`)
  }
  return [title, ...lines.map((line) => element('p', {}, line))]
}

function place(card: HTMLElement, link: HTMLElement): void {
  const { left, bottom, top } = link.getBoundingClientRect()
  const { width, height } = card.getBoundingClientRect()
  const below = bottom + height + 4 < innerHeight
  // The content policy allows what a script sets, though no `style` in the markup.
  card.style.left = `${scrollX + Math.max(8, Math.min(left, document.documentElement.clientWidth - width - 8))}px`
  card.style.top = `${scrollY + (below ? bottom + 2 : Math.max(0, top - height - 2))}px`
}
