import { InvalidArgumentError } from 'commander'

/*
 * What commander's `option` takes to parse the value of a flag. Each says what is allowed as the end of a sentence; the
 * command runner makes it `--top is "0" but must be a whole number from 1 to 1000`, as for settings.
 */

/** A whole number within bounds. */
export function wholeNumber(min: number, max: number): (text: string) => number {
  return flagValue(`a whole number from ${min} to ${max}`, (text) => {
    const value = Number(text)
    return /^\d{1,15}$/.test(text.trim()) && value >= min && value <= max ? value : undefined
  })
}

/** A number within bounds. */
export function numberWithin(min: number, max: number): (text: string) => number {
  return flagValue(`a number from ${min} to ${max}`, (text) => {
    const value = Number(text)
    return text.trim() !== '' && value >= min && value <= max ? value : undefined
  })
}

/** A number of bytes, such as `500000000`, `500MB` or `2GiB`. */
export const byteCount = flagValue('a number of bytes above 0, such as 500MB', (text) => {
  const [, digits, unit = ''] = /^(\d+) ?((?:[kmgt]i?)?)b?$/i.exec(text.trim()) ?? []
  const power = ['', 'k', 'm', 'g', 't'].indexOf(unit.slice(0, 1).toLowerCase())
  const value = Number(digits) * (unit.length > 1 ? 1024 : 1000) ** power
  return value > 0 ? value : undefined
})

// A timer that is set for more fires at once.
const maxTimerMs = 2 ** 31 - 1

/** A span of time, in milliseconds: `90s`, `30m`, `2h`. */
export const duration = flagValue('a time such as 90s, 30m or 2h, at most 596h', (text) => {
  const [, amount, unit] = /^(\d{1,6})(s|m|h)$/.exec(text) ?? []
  const ms = Number(amount) * (unit === 's' ? 1_000 : unit === 'm' ? 60_000 : 3_600_000)
  return ms <= maxTimerMs ? ms : undefined
})

/** Gathers the values `name=value` of a repeated flag; the name may hold a `=`, the value holds none. */
export function pairs(text: string, before: Readonly<Record<string, string>> = {}): Record<string, string> {
  const [name, value] = pair(text)
  return { ...before, [name]: value }
}

const pair = flagValue('NAME=VALUE', (text): readonly [string, string] | undefined => {
  const at = text.lastIndexOf('=')
  return at < 1 || at === text.length - 1 ? undefined : [text.slice(0, at), text.slice(at + 1)]
})

/** A parser from one that gives undefined for what is not `allowed`. */
export function flagValue<T>(allowed: string, parse: (text: string) => T | undefined): (text: string) => T {
  return (text) => {
    const value = parse(text)
    if (value === undefined) throw new InvalidArgumentError(allowed)
    return value
  }
}
