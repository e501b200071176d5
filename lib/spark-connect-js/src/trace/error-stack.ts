import { packageFolders } from './package-folder.ts'

/** Frames of this package and of what lies below it tell a user nothing. */
const isOurs = (frame: string): boolean =>
  packageFolders.some((folder) => frame.includes(folder)) ||
  /\(?node:|node_modules[\\/]@(?:grpc|bufbuild)[\\/]|<anonymous>|\(native\)/.test(frame)

const maxLines = 4
const maxFrames = 4

/**
 * The frames of the program that uses this package, nearest first: `at file:///…/report.ts:12:3`.
 * Empty where the error came up outside of any call of the program.
 */
export function userFrames(stack: string): string[] {
  return stack
    .split('\n')
    .filter((line) => /^\s*at /.test(line) && !isOurs(line))
    .map((line) => line.trim())
}

/** An error's stack for a screen: the beginning of the message, then the frames of the user's program. */
export function shortStack(name: string, message: string, stack: string): string {
  const lines = message.split('\n').filter((line) => line.trim() !== '')
  const shown = lines.slice(0, maxLines)
  if (lines.length > maxLines) shown[maxLines - 1] = `… (${lines.length - maxLines + 1} more lines: error.message)`
  const own = userFrames(stack)
  const frames = own.length > 0 ? own : stack.split('\n').filter((line) => /^\s*at /.test(line))
  return [`${name}: ${shown.join('\n')}`, ...frames.slice(0, maxFrames).map((line) => `    ${line.trim()}`)].join('\n')
}

/** The user's frame may lie behind some thirty of this package and of gRPC. */
const depth = 60

/** Gives an error the stack of here, cut to the lines of the program: frames of this package tell a user nothing. */
export function atCaller<E extends Error>(error: E): E {
  const { stack } = error
  const limit = Error.stackTraceLimit
  Error.stackTraceLimit = Math.max(limit, depth)
  Error.captureStackTrace(error) // node-do-not-add-exception-line: Node would show this line above an uncaught error
  Error.stackTraceLimit = limit
  const here = error.stack ?? ''
  // Outside of any call of the program the place of the throw is all there is.
  error.stack = shortStack(error.name, error.message, userFrames(here).length > 0 ? here : (stack ?? ''))
  return error
}

/** A call that cannot be right, shown where it stands in the program. */
export const mistake = (message: string): TypeError => atCaller(new TypeError(message))

/** Whether the first frame of an error is this package's: it was thrown here, not by a callback of the program. */
const isThrownHere = (error: Error): boolean => {
  const first = error.stack?.split('\n').find((line) => /^\s*at /.test(line))
  return first !== undefined && packageFolders.some((folder) => first.includes(folder))
}

/** Runs `work`; the mistakes that it finds in its arguments show the line of the program that called. */
export async function showingCaller<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw error instanceof Error && isThrownHere(error) ? atCaller(error) : error
  }
}
