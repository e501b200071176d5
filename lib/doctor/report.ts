import { AppError } from '../errors.ts'
import { redact } from '../secrets.ts'
import { colours, printable } from '../terminal.ts'
import { version } from '../version.ts'
import type { Examined } from './check.ts'

const marks = {
  ok: colours.green('ok  '),
  warn: colours.yellow('warn'),
  fail: colours.red('FAIL'),
  skip: colours.dim('–   '),
}

/** The findings for people, with the remedy below each that is not as it should be. */
export function findingsText(findings: readonly Examined[], ms: number): string {
  const end =
    redOnes(findings).length > 0 ? '' : `\n\n${findings.length} checks in ${(ms / 1000).toFixed(1)} s, no problems`
  return `${findings.map(findingText).join('\n')}${end}`
}

/** The findings as JSON. */
export function findingsJson(findings: readonly Examined[], ms: number): string {
  const ok = redOnes(findings).length === 0
  return JSON.stringify({ version: 1, radioPlays: version(), ok, ms, checks: findings }, (_, value: unknown) =>
    typeof value === 'string' ? redact(value) : value,
  )
}

/** *Errors:* AppError `usage` if a check is red. */
export function checkFindings(findings: readonly Examined[]): void {
  const red = redOnes(findings)
  if (red.length === 0) return
  throw new AppError('usage', `${red.length} of ${findings.length} checks failed`, {
    remedy: 'fix the problems listed above, then run npm run doctor again',
  })
}

const redOnes = (findings: readonly Examined[]) => findings.filter((each) => each.status === 'fail')

function findingText(finding: Examined): string {
  const text = `${marks[finding.status]}  ${finding.title.padEnd(20)}  ${printable(redact(finding.found))}`
  return 'remedy' in finding ? `${text}\n        do: ${printable(redact(finding.remedy))}` : text
}
