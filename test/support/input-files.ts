import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from '@jest/globals'
import {
  type FramedFile,
  type FrameOptions,
  frameLines,
  type InspectOptions,
  planInputs,
} from '../../lib/input/index.ts'

/** A folder of this test file, gone when its tests are done. */
export function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), 'radio-plays-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

let files = 0

/** Writes a file with a name of its own and gives its path. */
export function write(folder: string, contents: string | Uint8Array, name = `log-${++files}.csv`): string {
  const path = join(folder, name)
  writeFileSync(path, contents)
  return path
}

export interface Framed {
  readonly rows: { readonly file: string; readonly line: number; readonly text: string }[]
  readonly files: FramedFile[]
  readonly slices: number[]
}

/** Everything that the patterns' files give, as the job would see it. */
export async function readAll(
  patterns: readonly string[],
  options: FrameOptions & InspectOptions = {},
): Promise<Framed> {
  const plan = await planInputs(patterns, options)
  const result: Framed = { rows: [], files: [], slices: [] }
  for (const group of plan.groups) {
    for await (const slice of frameLines(group.files, { ...options, onFile: (file) => result.files.push(file) })) {
      result.slices.push(slice.length)
      const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(slice)
      if (!text.endsWith('\n')) throw new Error('a slice does not end at a line end')
      for (const line of text.slice(0, -1).split('\n')) {
        const parts = line.split('\u001f')
        if (parts.length !== 3) throw new Error(`${parts.length} parts: ${JSON.stringify(line)}`)
        result.rows.push({ file: parts[0]!, line: Number(parts[1]), text: parts[2]! })
      }
    }
  }
  return result
}
