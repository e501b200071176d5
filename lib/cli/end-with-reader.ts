/**
 * A reader that has seen enough (`… | head`) closes the pipe: that is a success, not an error. Where nobody reads the log any
 * more, the work goes on.
 */
export function endWithReader(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0)
    throw error
  })
  process.stderr.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })
}
