import type { ExecuteOptions } from './executor.ts'

/** The value of an option of a data source; null leaves the option out. */
export type OptionValue = string | number | bigint | boolean | null | undefined

/** Options travel as text: true is "true". */
export const optionText = (value: OptionValue): string | undefined =>
  value === null || value === undefined ? undefined : String(value)

const callOptions = new Set(['signal', 'timeoutMs', 'tags'])

/** Options of a data source and of the call, given as one object. */
export const splitOptions = (options: object = {}) => {
  const entries: [string, unknown][] = Object.entries(options)
  return {
    source: optionTexts(
      Object.fromEntries(entries.filter(([key]) => !callOptions.has(key))) as Record<string, OptionValue>,
    ),
    call: Object.fromEntries(entries.filter(([key]) => callOptions.has(key))) as ExecuteOptions,
  }
}

/** A record of options as text, without those that are left out. */
export const optionTexts = (options: Readonly<Record<string, OptionValue>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(options).flatMap(([key, value]): [string, string][] => {
      const text = optionText(value)
      return text === undefined ? [] : [[key, text]]
    }),
  )
