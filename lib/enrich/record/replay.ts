import type { RecordedAnswer } from './record.ts'
import { sampleNamed } from './samples.ts'
import { compareShapes, type ShapeChanges, shapeOf } from './shape.ts'

export interface ReplayedAnswer {
  readonly service: string
  readonly sample: string
  /** What our reader made of it: what it looks for, nothing of it, or "another shape". */
  readonly read: 'found' | 'nothing found' | 'another shape' | 'unknown sample'
  /** Null without a known answer to compare with. */
  readonly changes: ShapeChanges | null
}

/** Reads recorded answers as a run reads them, and compares their fields with those of known answers. */
export function replayAnswers(
  answers: readonly RecordedAnswer[],
  known: readonly RecordedAnswer[],
): readonly ReplayedAnswer[] {
  return answers.map((answer) => {
    const before = known.find((one) => one.service === answer.service && one.sample === answer.sample)
    return {
      service: answer.service,
      sample: answer.sample,
      read: readBy(answer),
      changes: before ? compareShapes(shapeOf(before.body), shapeOf(answer.body)) : null,
    }
  })
}

function readBy({ service, sample, body }: RecordedAnswer): ReplayedAnswer['read'] {
  const known = sampleNamed(service, sample)
  if (known === undefined) return 'unknown sample'
  const reading = known.spec.read(body, known.requests, '', [])
  if (reading === null) return 'another shape'
  return [...reading.answers.values()].some((value) => value !== null) ? 'found' : 'nothing found'
}

/** True if a run still understands all of it: read, and nothing gone or of another type. New fields do no harm. */
export const isUnderstood = ({ read, changes }: ReplayedAnswer): boolean =>
  read === 'found' && (changes === null || changes.gone.length + changes.changed.length === 0)

/** A line per answer, and a line per field that changed. */
export function replayText(replayed: readonly ReplayedAnswer[]): string {
  const lines = replayed.flatMap((one) => {
    const fields = (what: string, names: readonly string[]) => names.map((name) => `    ${what}: ${name}`)
    const { added = [], gone = [], changed = [] } = one.changes ?? {}
    const against = one.changes === null ? ', nothing to compare with' : ''
    return [
      `${isUnderstood(one) ? 'ok     ' : 'CHANGED'} ${one.service} ${one.sample}: ${one.read}${against}`,
      ...fields('gone', gone),
      ...fields('another type', changed),
      ...fields('new', added),
    ]
  })
  const odd = replayed.filter((one) => !isUnderstood(one)).length
  return [
    ...lines,
    odd === 0 ? `all ${replayed.length} answers are understood` : `${odd} of ${replayed.length} answers have changed`,
  ].join('\n')
}
