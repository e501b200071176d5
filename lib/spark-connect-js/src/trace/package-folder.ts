import { fileURLToPath } from 'node:url'

/** This module as it lies in the package; a bundler puts it elsewhere, or leaves no URL at all. */
const here: string | undefined = import.meta.url
const isInPackage = here !== undefined && /\/trace\/package-folder\.[jt]s$/.test(here)

/** Where this package's code lies, as the frames of a stack name it. Empty in a bundle, where all frames are of one file. */
export const packageFolders: readonly string[] = isInPackage
  ? [new URL('..', here).href, fileURLToPath(new URL('..', here))]
  : []
