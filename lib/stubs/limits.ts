import type { Handler, Reply } from './server.ts'
import type { Behaviour } from './stub.ts'

type Request = Parameters<Handler>[0]
type Refuse = (times: readonly number[], request: Request) => Reply | undefined

/**
 * The handler, answering as the service does to who is too fast.
 *
 * @param times when requests came, in ms; a list of several handlers is a limit that they share
 */
export function limited(
  handler: Handler,
  { enforceLimits }: Pick<Behaviour, 'enforceLimits'>,
  refuse: Refuse,
  times: number[] = [],
): Handler {
  if (!enforceLimits) return handler
  return (request) => {
    times.push(request.at)
    return refuse(times, request) ?? handler(request)
  }
}

/** How many of the times are within so many milliseconds before the last. */
export function within(times: readonly number[], ms: number): number {
  const last = times[times.length - 1] ?? 0
  return times.filter((time) => last - time < ms).length
}
