/** An answer of the server, before its headers. */
export interface Reply {
  readonly status: number
  readonly body: string
  /** Media type. Default: `text/html`. */
  readonly type?: string
  /** Content security policy. Default: that of pages without a script. */
  readonly policy?: string
  readonly headers?: Readonly<Record<string, string>>
}
