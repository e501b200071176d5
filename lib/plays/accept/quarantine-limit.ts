import { AppError } from '../../errors.ts'
import { reasonNoSong } from '../read/parse-plays.ts'
import type { Ledger } from './accept-plays.ts'

/**
 * Refuses an input of which more than `maxPercent` of the lines would be quarantined: that many are no dirt but a
 * misunderstanding, such as the wrong file or the wrong columns. Rows that are no songs (breaks, podcasts, adverts) do not count,
 * unless they are more than half of all.
 *
 * *Errors:* `AppError('check')` with the ten most common reasons.
 */
export function checkQuarantine(ledger: Ledger, maxPercent: number): void {
  const noSong = Number(ledger.reasons.find(({ reason }) => reason === reasonNoSong)?.lines ?? 0)
  const apart = noSong * 2 > Number(ledger.rowsIn) ? 0 : noSong
  const share = (100 * (Number(ledger.quarantined) - apart)) / Math.max(1, Number(ledger.rowsIn) - apart)
  if (share <= maxPercent) return
  const reasons = ledger.reasons.slice(0, 10).map(({ reason, lines }) => `${reason} (${lines})`)
  const refused = `${Number(ledger.quarantined) - apart} of ${Number(ledger.rowsIn) - apart} rows (${share.toFixed(1)} %)`
  throw new AppError('check', `${refused} would be refused, more than ${maxPercent} %: ${reasons.join(', ')}`, {
    remedy: 'name the columns with --map, or allow more with --max-quarantine',
  })
}
