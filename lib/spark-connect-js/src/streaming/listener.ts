import { create } from '@bufbuild/protobuf'
import { SparkConnectError } from '../client/errors.ts'
import { runCommand } from '../core/execution.ts'
import type { Executor } from '../core/executor.ts'
import { PlanSchema } from '../gen/spark/connect/base_pb.ts'
import { StreamingQueryEventType } from '../gen/spark/connect/commands_pb.ts'
import { command } from '../plan/command.ts'
import type { QueryIdleEvent, QueryProgressEvent, QueryStartedEvent, QueryTerminatedEvent } from './progress.ts'

/** Hears of the streaming queries of a session, see `spark.streams.addListener`. */
export interface StreamingQueryListener {
  onQueryStarted?(event: QueryStartedEvent): void
  onQueryProgress?(event: QueryProgressEvent): void
  /** There was nothing to do for a while. */
  onQueryIdle?(event: QueryIdleEvent): void
  onQueryTerminated?(event: QueryTerminatedEvent): void
  /** The reports ended unasked, because the connection or the session is lost. */
  onError?(error: SparkConnectError): void
}

const handlers: Readonly<Record<number, keyof StreamingQueryListener | undefined>> = {
  [StreamingQueryEventType.QUERY_PROGRESS_EVENT]: 'onQueryProgress',
  [StreamingQueryEventType.QUERY_TERMINATED_EVENT]: 'onQueryTerminated',
  [StreamingQueryEventType.QUERY_IDLE_EVENT]: 'onQueryIdle',
}

/** The server reports to a session once; the bus hands it on to all listeners, and ends it with the last. */
class ListenerBus {
  readonly #executor: Executor
  readonly #listeners = new Set<StreamingQueryListener>()
  #reports: { readonly begun: Promise<void>; readonly ended: Promise<void> } | undefined

  constructor(executor: Executor) {
    this.#executor = executor
  }

  async add(listener: StreamingQueryListener): Promise<void> {
    this.#listeners.add(listener)
    this.#reports ??= this.#listen()
    await this.#reports.begun
  }

  async remove(listener: StreamingQueryListener): Promise<void> {
    if (!this.#listeners.delete(listener) || this.#listeners.size > 0) return
    const reports = this.#reports
    this.#reports = undefined
    await runCommand(this.#executor, busCommand('removeListenerBusListener'))
    await reports?.ended
  }

  tell(handler: keyof StreamingQueryListener, what: unknown): void {
    for (const listener of this.#listeners) {
      try {
        listener[handler]?.(what as never)
      } catch {
        // One listener must not end the reports to the others.
      }
    }
  }

  #listen(): { readonly begun: Promise<void>; readonly ended: Promise<void> } {
    const begun = Promise.withResolvers<void>()
    return { begun: begun.promise, ended: this.#hear(begun) }
  }

  async #hear(begun: PromiseWithResolvers<void>): Promise<void> {
    const plan = create(PlanSchema, {
      opType: { case: 'command', value: { commandType: busCommand('addListenerBusListener') } },
    })
    try {
      for await (const { responseType } of this.#executor.execute(plan)) {
        if (responseType.case !== 'streamingQueryListenerEventsResult') continue
        const { events, listenerBusListenerAdded } = responseType.value
        if (listenerBusListenerAdded) begun.resolve()
        for (const { eventType, eventJson } of events) {
          const handler = handlers[eventType]
          if (handler) this.tell(handler, JSON.parse(eventJson))
        }
      }
      begun.resolve()
    } catch (error) {
      this.#reports = undefined
      begun.reject(error)
      // Nobody waits for the beginning any more when the reports break off later.
      begun.promise.catch(() => {})
      const failed = SparkConnectError.from(error)
      if (failed.errorClass !== 'INVALID_HANDLE.SESSION_CLOSED') this.tell('onError', failed)
    }
  }
}

const busCommand = (kind: 'addListenerBusListener' | 'removeListenerBusListener') =>
  command({ case: 'streamingQueryListenerBusCommand', value: { command: { case: kind, value: true } } })

const buses = new WeakMap<Executor, ListenerBus>()

/** The bus of a session. */
export const listenerBusOf = (executor: Executor): ListenerBus => {
  let bus = buses.get(executor)
  if (!bus) {
    bus = new ListenerBus(executor)
    buses.set(executor, bus)
  }
  return bus
}
