/*
 * Hides: redirects, retries, resumed transfers and the remembered checksum.
 * Needs: an HTTP address, a place for the file, a logger.
 * Never: leaves half a file under its final name, or replaces a file whose checksum changed without being told to.
 */

export { type FetchedFile, fetchFile } from './fetch-file.ts'
export type { FetchOptions } from './options.ts'
