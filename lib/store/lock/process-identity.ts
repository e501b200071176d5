import { execFileSync } from 'node:child_process'
import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'

/** A process, told apart from every other one that has or will have its pid. */
export interface ProcessIdentity {
  readonly pid: number
  readonly host: string
  /** Boot and process namespace where the system tells them, else empty: a pid means nothing outside of these. */
  readonly host_id: string
  /** When it was started, as its system counts; empty where the system does not say. */
  readonly process_started: string
}

export function thisProcess(): ProcessIdentity {
  return { pid: process.pid, host: hostname(), host_id: hostId(), process_started: processStart(process.pid) ?? '' }
}

/**
 * Whether a process still runs. `unknown`: it belongs to another machine, container or boot, where its pid tells nothing;
 * so does the same host name, which two machines may share.
 */
export function processState(identity: ProcessIdentity): 'alive' | 'dead' | 'unknown' {
  if (identity.host !== hostname() || identity.host_id !== hostId()) return 'unknown'
  const start = processStart(identity.pid)
  if (start === undefined) return 'dead'
  const comparable = start !== '' && identity.process_started !== ''
  // The pid of a dead process may have been given to another one since.
  return comparable && start !== identity.process_started ? 'dead' : 'alive'
}

/** Whether a process ran on a host of this name before its last boot. */
export function isOfEarlierBoot(identity: ProcessIdentity): boolean {
  const boot = (id: string) => id.split(' ')[0]
  const here = hostId()
  if (identity.host !== hostname() || identity.host_id === '' || here === '') return false
  return boot(identity.host_id) !== boot(here)
}

/** `HOST:PID BOOT-AND-NAMESPACE START`: for people up to the first space, the rest for `parseIdentity`. */
export function identityText({ host, pid, host_id, process_started }: ProcessIdentity): string {
  return `${host}:${pid} ${encodeURIComponent(host_id)} ${encodeURIComponent(process_started)}`
}

/** Undefined for a text of another form, such as `HOST:PID` alone. */
export function parseIdentity(text: string): ProcessIdentity | undefined {
  const [, host, pid, hostId, started] = /^(\S*):(\d+) (\S*) (\S*)$/.exec(text) ?? []
  if (host === undefined || pid === undefined || hostId === undefined || started === undefined) return undefined
  try {
    const [host_id, process_started] = [decodeURIComponent(hostId), decodeURIComponent(started)]
    return { host, pid: Number(pid), host_id, process_started }
  } catch {
    return undefined
  }
}

function hostId(): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    return `${boot} ${readlinkSync('/proc/self/ns/pid')}`
  } catch {
    return ''
  }
}

/**
 * When a process of this machine was started, in whatever form its system counts; undefined: there is none with this pid;
 * empty: there is, but this system does not say since when.
 */
function processStart(pid: number): string | undefined {
  if (process.platform === 'linux') {
    try {
      // The name in parentheses may hold anything; the state follows it, the start time is the 20th field after that.
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ')
      return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19]!
    } catch {
      return undefined
    }
  }
  try {
    process.kill(pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return undefined
  }
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim()
  } catch {
    return ''
  }
}
