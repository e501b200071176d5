import { randomBytes } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { AppError } from '../../errors.ts'
import { policyWith } from '../document.ts'
import type { Reply } from '../reply.ts'
import type { Answer } from './card.ts'
import type { Decisions } from './decisions.ts'
import { ForeignRequestError, formOf, type Guard } from './guard.ts'
import { boardMarkup, reviewPage } from './page.ts'
import { reviewScript } from './script.ts'

const maxMessages = 50
const answers: readonly string[] = ['same', 'different', 'later'] satisfies readonly Answer[]

/** The paths that a page may send a decision to. */
export const reviewForms: ReadonlySet<string> = new Set(['/review/decide', '/review/undo'])

/** The page of decisions, and what its forms and its script send: the one thing here that writes. */
export class ReviewPages {
  readonly #decisions: Decisions
  readonly #guard: Guard
  /** What to say on the page that follows a form. */
  readonly #messages = new Map<string, string>()

  constructor(decisions: Decisions, guard: Guard) {
    this.#decisions = decisions
    this.#guard = guard
  }

  async show(said: string | null): Promise<Reply> {
    const message = this.#messages.get(said ?? '') ?? ''
    const body = reviewPage(await this.#decisions.board(), this.#guard.token(), message)
    // Without an origin of its own a form would come from nowhere.
    return { status: 200, body, policy: policyWith(reviewScript), headers: { 'referrer-policy': 'same-origin' } }
  }

  /** Takes a decision; call it at once, before the body has gone by. *Errors:* those of `Guard`, `formOf` and `Decisions`. */
  async take(request: IncomingMessage, path: string): Promise<Reply> {
    const form = await formOf(request)
    const isScript = request.headers.accept === 'application/json'
    try {
      this.#guard.check(request, form)
      const message = await this.#done(path, form)
      if (isScript) {
        const markup = boardMarkup(await this.#decisions.board(), form.get('token') ?? '')
        return jsonReply(200, { message, markup: markup.toString() })
      }
      return { status: 303, body: '', headers: { location: `/review?said=${this.#remember(message)}` } }
    } catch (error) {
      if (!isScript || !(error instanceof AppError)) throw error
      const message = [error.message, error.place, error.remedy].filter(Boolean).join('; ')
      return jsonReply(error instanceof ForeignRequestError ? 403 : 409, { message })
    }
  }

  #done(path: string, form: URLSearchParams): Promise<string> {
    if (path === '/review/undo') return this.#decisions.undo(form.get('row') ?? undefined)
    const answer = form.get('answer') ?? ''
    if (!answers.includes(answer)) throw new AppError('usage', 'the answer must be same, different or later')
    return this.#decisions.decide(form.get('card') ?? '', answer as Answer)
  }

  #remember(message: string): string {
    const id = randomBytes(9).toString('base64url')
    this.#messages.set(id, message)
    if (this.#messages.size > maxMessages) this.#messages.delete(this.#messages.keys().next().value!)
    return id
  }
}

function jsonReply(status: number, body: unknown): Reply {
  return { status, body: JSON.stringify(body), type: 'application/json' }
}
