import { halfBefore, maxTimeLength, monthPattern, otherTimeForms, spacePattern } from '../model/time-forms.ts'

const spaces = new RegExp(spacePattern, 'gu')
const halves = new RegExp(`${halfBefore.am}|${halfBefore.pm}`, 'gu')
const month = new RegExp(monthPattern, 'u')
const forms = otherTimeForms.map(({ pattern }) => new RegExp(pattern, 'u'))

/** Whether Spark will read the text as a time in a form that is not among the usual ones: `5 April 2010 11:59`, `20140616T1159Z`. */
export function isOtherTime(text: string): boolean {
  if (text.length > maxTimeLength || !/\d/.test(text)) return false
  const plain = text.toLowerCase().replace(spaces, ' ').trim()
  const tidied = plain.replace(halves, '$1$2 am').replace(month, '$1~01')
  return forms.some((form) => form.test(tidied))
}
