import { frameLines } from './frame.ts'
import type { InspectedFile } from './inspect.ts'
import type { ReadOptions } from './source.ts'

/** The first lines of a file, framed. */
export interface FramedStart {
  /** As `frameLines` gives them. */
  readonly lines: readonly string[]
  /** Whether these are all lines of the file. */
  readonly whole: boolean
}

// The framing gives what a block holds, so a small slice costs nothing more.
const sliceBytes = 65_536

/** The first lines of a file, framed: what a look at it needs. *Cost:* reads a block of 1 MiB or a few. */
export async function framedStart(
  file: InspectedFile,
  maxLines: number,
  options: ReadOptions = {},
): Promise<FramedStart> {
  const lines: string[] = []
  if (file.empty) return { lines, whole: true }
  for await (const slice of frameLines([file], { ...options, sliceBytes })) {
    lines.push(...Buffer.from(slice).toString().slice(0, -1).split('\n'))
    if (lines.length > maxLines) return { lines: lines.slice(0, maxLines), whole: false }
  }
  return { lines, whole: true }
}
