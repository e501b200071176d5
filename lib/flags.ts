import { AppError } from './errors.ts'

/**
 * Parses the value of a flag as a whole number within bounds, for commander's `option`.
 *
 * *Errors:* AppError `usage` with the flag, the value and what is allowed.
 */
export function wholeNumber(flag: string, min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (/^\d{1,15}$/.test(text.trim()) && value >= min && value <= max) return value
    throw new AppError('usage', `${flag} is ${JSON.stringify(text)} but must be a whole number from ${min} to ${max}`)
  }
}
