import { readFileSync } from 'node:fs'

/** The package's README. */
export const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')

/** The program at the start of the README, and what the README says that it prints. */
export function firstLines(): { readonly code: string; readonly printed: string } {
  const code = /```ts run\n([\s\S]*?)```/.exec(readme)?.[1]
  const printed = /^prints `(.*)`/m.exec(readme)?.[1]
  if (code === undefined || printed === undefined) throw new Error('the README has no first lines')
  return { code, printed }
}

/** The long program of the README, and what the README says that it prints. */
export function longExample(): { readonly code: string; readonly printed: string } {
  const [, code, printed] = /```ts example\n([\s\S]*?)```\n\nprints\n\n```\n([\s\S]*?)```/.exec(readme) ?? []
  if (code === undefined || printed === undefined) throw new Error('the README has no long example')
  return { code, printed }
}
