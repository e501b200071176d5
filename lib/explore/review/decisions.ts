import { AppError } from '../../errors.ts'
import { addOverride, type OverrideLine, type OverrideRow, overridesIn, removeOverride } from '../../input/index.ts'
import { contradictionIn, type KeyedPair } from '../../model/contradiction.ts'
import { plural } from '../../terminal.ts'
import type { Sandbox } from '../sandbox.ts'
import { type Answer, type Card, cardOf, isAbout, lineId, lineOf, movedBy } from './card.ts'

const maxCards = 200
/** The cards read the tables of names and plays once for each state of the database. */
const cardsMs = 60_000

/** A row of the file, and what it will change. */
export interface Decided {
  readonly id: string
  readonly row: OverrideRow
  /** Plays that get another name at the next run; null: the row is not of a card, or was applied. */
  readonly moves: number | null
}

/** Everything that the page of decisions shows. */
export interface Board {
  readonly file: string
  /** Still to be decided, the one that moves most plays first; those of "later" at the end. */
  readonly open: readonly Card[]
  /** Rows of the file, the newest first. */
  readonly decided: readonly Decided[]
  /** Rows that the next run will apply, and plays that they move at most. */
  readonly waiting: { readonly rows: number; readonly plays: number }
}

/** What a person decides of the cards, kept in the overrides file; and what was put off, kept as long as the pages are served. */
export class Decisions {
  readonly #file: string
  readonly #ask: Sandbox['ask']
  readonly #later: string[] = []
  /** What was done here, for undo: a row of the file, or a card that was put off. */
  readonly #done: (OverrideLine | { readonly later: string })[] = []
  #cards: { readonly state: string; readonly cards: readonly Card[] } | undefined
  #work: Promise<unknown> = Promise.resolve()

  constructor(file: string, ask: Sandbox['ask']) {
    this.#file = file
    this.#ask = ask
  }

  async board(): Promise<Board> {
    const [cards, rows] = [await this.#current(), await overridesIn(this.#file)]
    const isDecided = (card: Card) => rows.some((row) => isAbout(row, card))
    const later = (card: Card) => this.#later.indexOf(card.id)
    const open = cards.filter((card) => !isDecided(card)).toSorted((a, b) => later(a) - later(b))
    const decided = rows.toReversed().map((row): Decided => {
      const card = cards.find((each) => isAbout(row, each))
      return { id: lineId(row), row, moves: card === undefined ? null : movedBy(card, row.verdict) }
    })
    const waiting = decided.filter(({ moves }) => moves !== null)
    return {
      file: this.#file,
      open,
      decided,
      waiting: { rows: waiting.length, plays: waiting.reduce((sum, { moves }) => sum + (moves ?? 0), 0) },
    }
  }

  /**
   * Writes the answer to the file, or puts the card off; the sentence says what that does.
   *
   * *Errors:* AppError `usage` for a card that is not there, was decided already, or contradicts the file; those of `addOverride`.
   */
  decide(id: string, answer: Answer): Promise<string> {
    return this.#inTurn(async () => {
      const card = (await this.#current()).find((each) => each.id === id)
      if (card === undefined) throw new AppError('usage', 'this pair is not to be decided any more', reload)
      const { a, b } = card.pair
      if (answer === 'later') {
        if (!this.#later.includes(id)) this.#done.push({ later: id })
        this.#putOff(id)
        return `“${a}” and “${b}” come again at the end.`
      }
      const rows = await overridesIn(this.#file)
      const known = rows.find((row) => isAbout(row, card))
      if (known !== undefined) {
        throw new AppError('usage', `row ${known.row} of the overrides says "${known.verdict}" already`, reload)
      }
      const line = lineOf(card, answer)
      await this.#refuseContradiction(rows, line)
      await addOverride(this.#file, line)
      this.#done.push(line)
      return `Written: ${line.verdict}, “${a}” and “${b}”. ${effectOf(line.verdict, movedBy(card, line.verdict))}`
    })
  }

  /** Takes back what was done last, or the row of the file with that id. *Errors:* AppError `usage` if there is none. */
  undo(id?: string): Promise<string> {
    return this.#inTurn(async () => {
      const last = id === undefined ? this.#done.pop() : undefined
      if (last !== undefined && 'later' in last) {
        this.#later.splice(this.#later.indexOf(last.later), 1)
        return 'Undone: the pair is back at its place.'
      }
      const { decided } = await this.board()
      const wanted = id ?? (last === undefined ? undefined : lineId(last))
      const found = decided.find((each) => (wanted === undefined ? each.moves !== null : each.id === wanted))
      if (found === undefined || !(await removeOverride(this.#file, found.row)))
        throw new AppError(
          'usage',
          wanted === undefined ? 'nothing to undo' : 'the row is not in the file any more',
          reload,
        )
      const done = this.#done.findLastIndex((each) => !('later' in each) && lineId(each) === found.id)
      if (done >= 0) this.#done.splice(done, 1)
      const { verdict, a, b } = found.row
      return `Undone: ${[`“${a}”`, b && `“${b}”`].filter(Boolean).join(' and ')} no longer ${verdict} in the file.`
    })
  }

  #putOff(id: string): void {
    const at = this.#later.indexOf(id)
    if (at >= 0) this.#later.splice(at, 1)
    this.#later.push(id)
  }

  /** One after the other: each reads the file before it writes it. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#work.then(work)
    this.#work = mine.catch(() => undefined)
    return mine
  }

  async #current(): Promise<readonly Card[]> {
    const state = await this.#ask('state', {})
    if (this.#cards?.state !== state) {
      this.#cards = { state, cards: (await this.#ask('cards', { limit: maxCards }, cardsMs)).map(cardOf) }
    }
    return this.#cards.cards
  }

  /** A run would refuse the whole file. */
  async #refuseContradiction(rows: readonly OverrideRow[], line: OverrideLine): Promise<void> {
    const pairs = [...rows, line].filter(({ verdict }) => verdict === 'same' || verdict === 'different')
    const names = pairs.flatMap(({ a, b, artist }) => [
      { name: a, artist },
      { name: b, artist },
    ])
    const keys = await this.#ask('keys', { names })
    const found = contradictionIn(
      pairs.map(
        ({ verdict, a, b }, i): KeyedPair => ({
          verdict: verdict === 'same' ? 'same' : 'different',
          ...{ a, z: b, keyA: keys[2 * i]!, keyZ: keys[2 * i + 1]! },
        }),
      ),
    )
    if (found === undefined) return
    const { pair, chain } = found
    throw new AppError('usage', `that would contradict the overrides: “${pair.a}” ≠ “${pair.z}”`, {
      remedy:
        chain.length === 0
          ? 'both are one name by their letters and digits, which no override can part'
          : `but the file says ${chain.join(', ')}; undo one of them`,
    })
  }
}

const reload = { remedy: 'load the page again' }

function effectOf(verdict: string, moves: number): string {
  if (verdict.endsWith('mbid')) return 'The next job:enrich applies it.'
  if (moves === 0) return 'That is how they are now; the next run keeps it so.'
  return `${plural(moves, 'play')} will move at the next run.`
}
