import { AppError } from '../../errors.ts'
import type { FormatOptions, FormatSource } from './source.ts'
import { Workbook } from './workbook.ts'

// A workbook is read here and there: one that is packed once more must be held for that.
const maxHeldBytes = 100 * 2 ** 20

/** The rows of a sheet as CSV. */
export async function* excelLines(
  source: FormatSource,
  { sheet }: FormatOptions,
): AsyncGenerator<Buffer, void, undefined> {
  // For its checksum: the reader below sees only the parts that it needs.
  if (source.path !== undefined && source.counted) for await (const _ of source.blocks);
  using workbook = await Workbook.open(source.path ?? (await held(source)), source.label)
  yield* workbook.csv(sheet)
}

export async function excelNote(source: FormatSource, { sheet }: FormatOptions): Promise<string | undefined> {
  using workbook = await Workbook.open(source.path ?? (await held(source)), source.label)
  return await workbook.note(sheet)
}

async function held({ blocks, label }: FormatSource): Promise<Buffer> {
  const parts: Buffer[] = []
  let length = 0
  for await (const block of blocks) {
    parts.push(block)
    length += block.length
    if (length > maxHeldBytes) {
      throw new AppError('input', `${label} is an Excel file of more than 100 MiB inside of another file`, {
        place: label,
        remedy: 'unpack it and name it itself',
      })
    }
  }
  return Buffer.concat(parts)
}
