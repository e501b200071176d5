import { AppError } from '../../errors.ts'
import type { Ledger } from './accept-plays.ts'

/**
 * Refuses an input of which more than `maxPercent` of the lines would be quarantined: that many are no dirt but a
 * misunderstanding, such as the wrong file or the wrong columns.
 *
 * *Errors:* `AppError('check')` with the ten most common reasons.
 */
export function checkQuarantine(ledger: Ledger, maxPercent: number): void {
  const share = (100 * Number(ledger.quarantined)) / Math.max(1, Number(ledger.rowsIn))
  if (share <= maxPercent) return
  const reasons = ledger.reasons.slice(0, 10).map(({ reason, lines }) => `${reason} (${lines})`)
  const refused = `${ledger.quarantined} of ${ledger.rowsIn} rows (${share.toFixed(1)} %)`
  throw new AppError('check', `${refused} would be refused, more than ${maxPercent} %: ${reasons.join(', ')}`, {
    remedy: 'name the columns with --map, or allow more with --max-quarantine',
  })
}
