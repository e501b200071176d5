/** A file as a format reads it. */
export interface FormatSource {
  readonly label: string
  /** Its contents, unpacked. */
  readonly blocks: AsyncIterable<Buffer>
  /** Where it is, if it is neither packed nor a member of a zip file: then it need not be held to be read here and there. */
  readonly path?: string | undefined
  /** Whether somebody counts the blocks, and so wants to see them all. */
  readonly counted?: boolean
}

/** What a user says of a format. */
export interface FormatOptions {
  /** Of a workbook. Default: the first one. */
  readonly sheet?: string | undefined
  /** Of a text. Default: UTF-8. */
  readonly encoding?: string | undefined
}
