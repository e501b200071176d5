import { fileURLToPath } from 'node:url'
import { create } from '@bufbuild/protobuf'
import { OriginSchema } from '../gen/spark/connect/common_pb.ts'
import { type ExpressionCommon, ExpressionCommonSchema } from '../gen/spark/connect/expressions_pb.ts'
import { packageFolders } from '../trace/package-folder.ts'

// In a bundle no frame tells the program from this package.
let isRecording = packageFolders.length > 0

/**
 * Whether columns remember the line of the program that made them, so that errors of the server name it. Default: true.
 *
 * *Cost:* some microseconds and some forty bytes of the plan for each operation on columns; a program that makes
 * thousands of columns again and again may turn it off.
 */
export const recordOrigins = (on: boolean): void => {
  isRecording = on && packageFolders.length > 0
}

/** As many frames as a call may lie deep within this package, and the user's. */
const depth = 12

/** The first frame outside of this package is the user's. */
const isOurs = (file: string): boolean => packageFolders.some((folder) => file.startsWith(folder))

const paths = new Map<string, string>()

/** The path of a script, relative to the working directory where it lies within. */
const pathOf = (file: string): string => {
  const known = paths.get(file)
  if (known !== undefined) return known
  let path = file
  try {
    if (file.startsWith('file:')) path = fileURLToPath(file)
  } catch {
    // A URL that is not a path of this machine is shown as it is.
  }
  const here = `${process.cwd()}/`
  if (path.startsWith(here)) path = path.slice(here.length)
  paths.set(file, path)
  return path
}

/** The place of the first frame that is not this package's. V8 gives the frames themselves: their text costs fivefold. */
const placeOf = (_: Error, frames: readonly NodeJS.CallSite[]): string => {
  for (const frame of frames) {
    const file = frame.getFileName()
    if (file && !isOurs(file)) return file.startsWith('node:') ? '' : `${pathOf(file)}:${frame.getLineNumber()}`
  }
  return ''
}

/** The line of the program that called this package, or '' if it cannot be told. */
export const callSite = (): string => {
  if (!isRecording) return ''
  const { prepareStackTrace, stackTraceLimit } = Error
  Error.stackTraceLimit = depth
  Error.prepareStackTrace = placeOf
  try {
    const holder: { stack?: unknown } = {}
    Error.captureStackTrace(holder, callSite)
    return typeof holder.stack === 'string' ? holder.stack : ''
  } finally {
    Error.prepareStackTrace = prepareStackTrace
    Error.stackTraceLimit = stackTraceLimit
  }
}

/** The origin of an expression: what made it, `col` or a function, and from which line of the program. */
export const originOf = (fragment: string): ExpressionCommon | undefined => {
  const site = callSite()
  if (site === '') return undefined
  const value = { $typeName: 'spark.connect.PythonOrigin' as const, fragment, callSite: site }
  const origin = create(OriginSchema, { function: { case: 'pythonOrigin', value } })
  return create(ExpressionCommonSchema, { origin })
}
