import { array, type Column, coalesce, lit, nullif, replace, trim, when } from 'spark-connect-js'

/** The text without spaces around it, or `other` if nothing is left. */
export const unlessBlank = (text: Column<string | null>, other: Column<string>): Column<string> =>
  coalesce(nullif(trim(text), lit('')), other)

/** `then` where the pattern is found in the text, else the text: most names need no repair, and looking is cheap. */
export const whereFound = (text: Column<string>, pattern: string, then: Column<string>): Column<string> =>
  when(text.rlike(pattern), then).otherwise(text)

/** Every occurrence of a text replaced by another one. */
export const replaced = (text: Column<string>, from: string, to: string): Column<string> =>
  replace(text, lit(from), lit(to))

/** An array of no texts. */
export const noTexts = array().cast<string[]>('array<string>')

/** The words of a text as one. */
export const withoutSpaces = (text: Column<string>): Column<string> => replaced(text, ' ', '')

/** A literal for use inside a Java regular expression. */
export const literally = (text: string): string => text.replace(/[\\^$.|?*+()[\]{}]/g, '\\$&')
