import { callSite } from '../plan/origin.ts'

// JavaScript asks no object whether it is true: `a.gt(1) && b.lt(2)` is `b.lt(2)`, and nobody is told. What can be seen is
// that the first condition was made and is part of nothing.

/** What is looked at of a column. */
interface Condition {
  readonly references: { readonly size: number }
  readonly isUsed: boolean
  readonly callSite: string
}

/** More than one expression loses. */
const kept = 16
const latest: Condition[] = []
let made = 0

/** Notes a condition that was made. One that reads other frames is not kept alive by this. */
export const noteCondition = <C extends Condition>(node: C): C => {
  if (node.references.size === 0) latest[made++ % kept] = node
  return node
}

/** How many conditions were made so far. */
export const conditionsMade = (): number => made

const placeOf = (site: string): { readonly file: string; readonly line: number } => {
  const colon = site.lastIndexOf(':')
  return { file: site.slice(0, colon), line: Number(site.slice(colon + 1)) }
}

const idleBeside = (condition: Condition, from: number): Condition[] =>
  Array.from({ length: Math.min(made - from, kept) }, (_, i) => latest[(made - 1 - i) % kept]!).filter(
    (node) => node !== condition && !node.isUsed,
  )

/** A condition that a callback made, since so many were made, and that is part of no column. */
export const lostSince = (before: number, condition: Condition): Condition | undefined =>
  idleBeside(condition, before)[0]

/** The same for a condition that is made right in the call that goes on, as the lines of the program tell. */
export const lostInCall = (condition: Condition): Condition | undefined => {
  if (made === 0 || latest[(made - 1) % kept] !== condition) return undefined
  const idle = idleBeside(condition, 0)
  if (idle.length === 0) return undefined
  const call = placeOf(callSite())
  const own = placeOf(condition.callSite)
  if (own.file === '' || own.file !== call.file || own.line < call.line) return undefined
  return idle.find((node) => {
    const { file, line } = placeOf(node.callSite)
    return file === own.file && line >= call.line && line <= own.line
  })
}
