/** OpenRefine's fingerprint key of a name: its distinct words in the order of the alphabet, without case, marks and punctuation. */
export const fingerprint = (name: string): string =>
  [
    ...new Set(
      name
        .trim()
        .toLowerCase()
        .normalize('NFKD')
        .replace(/\p{M}+/gu, '')
        .replace(/[^\p{L}\p{N}\s]+/gu, '')
        .split(/\s+/),
    ),
  ]
    .sort()
    .join(' ')
