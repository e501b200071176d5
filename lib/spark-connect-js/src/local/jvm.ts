import { type ChildProcess, spawn } from 'node:child_process'
import { open } from 'node:fs/promises'
import type { Socket } from 'node:net'
import { serverFile } from './files.ts'
import type { LocalLog } from './log.ts'

/** What a JVM is started with. */
export interface JvmStart {
  readonly java: string
  /** The file of its arguments, one a line. */
  readonly argsFile: string
  /** A private folder that goes with the JVM. */
  readonly scratch: string
  /** Takes what it prints. */
  readonly logFile: string
  readonly environment: Readonly<Record<string, string>>
  readonly log: LocalLog
}

/** A JVM below a shell that ends it when this process is gone: the pipe between them is its lifeline. */
export class Jvm {
  /** Settled when it is gone, for whatever reason. */
  readonly ended: Promise<void>
  readonly #child: ChildProcess
  #exitCode: number | null | undefined

  constructor(child: ChildProcess, log: LocalLog) {
    this.#child = child
    // Neither the child nor the pipe keeps this process alive: at its end the pipe closes, and with it the JVM.
    child.unref()
    ;(child.stdin as unknown as { unref?: () => void }).unref?.()
    child.stdin!.on('error', () => {})
    this.ended = new Promise<void>((resolve) => {
      child.once('error', (error) => {
        log.debug('the shell of the JVM did not start', { error })
        this.#exitCode = null
        resolve()
      })
      child.once('exit', (code) => {
        this.#exitCode = code
        resolve()
      })
    })
  }

  /** Undefined while it runs, null where no code is known. */
  get exitCode(): number | null | undefined {
    return this.#exitCode
  }

  get lifeline(): Socket {
    return this.#child.stdin as unknown as Socket
  }

  /** Asks it to end in order, or ends it. Until {@link letGo} it keeps this process alive: somebody must see the end. */
  say(word: 'term' | 'kill'): void {
    this.#child.ref()
    if (this.lifeline.writable) this.lifeline.write(`${word}\n`)
  }

  letGo(): void {
    this.#child.unref()
  }
}

/** Starts a JVM. That it listens to something, or that it started at all, is for its log to tell. */
export async function startJvm({ java, argsFile, scratch, logFile, environment, log }: JvmStart): Promise<Jvm> {
  const output = await open(logFile, 'a', 0o600)
  try {
    const [shell, shared] = [serverFile('lifeline.sh'), serverFile('jvm.args')]
    const child = spawn('/bin/sh', [shell, scratch, java, `@${shared}`, `@${argsFile}`], {
      // A session of its own: Ctrl-C in the terminal reaches this process, which then ends the JVM in its own time.
      detached: true,
      stdio: ['pipe', output.fd, output.fd],
      env: environment,
    })
    return new Jvm(child, log)
  } finally {
    await output.close()
  }
}

/** Quotes an argument for a `java @file`, where backslashes escape and blanks separate. */
export function quoteArgument(argument: string): string {
  return `"${argument.replace(/[\\"]/g, '\\$&')}"`
}

// What Java, Hadoop and the object stores read. Everything else, database passwords and API keys with it, stays here.
const passedOn = /^(?:PATH|HOME|USER|LOGNAME|TMPDIR|JAVA_|JDK_JAVA_|HADOOP_|KRB5|AWS_|AZURE_|GOOGLE_|SSL_)/

/** The environment of a JVM: what it needs of ours, and nothing of our secrets. */
export function environmentForJvm(): Record<string, string> {
  const env: Record<string, string> = {}
  for (const [name, value] of Object.entries(process.env)) {
    if (value !== undefined && passedOn.test(name)) env[name] = value
  }
  // Without a UTF-8 locale Java 17 cannot open files whose names have other letters than ASCII.
  env.LC_ALL = process.platform === 'darwin' ? 'en_US.UTF-8' : 'C.UTF-8'
  // Otherwise Spark looks up the host's name and addresses, which waits for a DNS that may not answer.
  env.SPARK_LOCAL_IP = '127.0.0.1'
  return env
}
