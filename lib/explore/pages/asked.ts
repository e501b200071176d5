import { AppError } from '../../errors.ts'
import type { ZoneClock } from '../../stations/index.ts'
import type { Sandbox } from '../sandbox.ts'

/** What a page is made from: its address, and who answers its questions. */
export interface Asked {
  readonly url: URL
  readonly ask: Sandbox['ask']
  /** For people, without secrets. */
  readonly database: string
  readonly timezone: string
  readonly clock: ZoneClock
}

/** A parameter that the address must have. *Errors:* AppError `usage` if it does not. */
export function given({ url }: Asked, name: string): string {
  const value = url.searchParams.get(name)
  if (value !== null && value !== '') return value
  throw new AppError('usage', `the address needs ${name}=…`)
}
