import { packageFolders } from '../core/package-folder.ts'

/** Frames of this package and of what lies below it tell a user nothing. */
const isOurs = (frame: string): boolean =>
  packageFolders.some((folder) => frame.includes(folder)) ||
  /\(?node:|node_modules[\\/]@(?:grpc|bufbuild)[\\/]|<anonymous>|\(native\)/.test(frame)

const mostLines = 4
const mostFrames = 4

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
  const shown = lines.slice(0, mostLines)
  if (lines.length > mostLines) shown[mostLines - 1] = `… (${lines.length - mostLines + 1} more lines: error.message)`
  const own = userFrames(stack)
  const frames = own.length > 0 ? own : stack.split('\n').filter((line) => /^\s*at /.test(line))
  return [`${name}: ${shown.join('\n')}`, ...frames.slice(0, mostFrames).map((line) => `    ${line.trim()}`)].join('\n')
}
