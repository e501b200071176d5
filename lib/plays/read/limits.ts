/**
 * Longer lines reach no regular expression with a back-tracking group: the stack of the Java platform is finite. In bytes, for
 * counting characters would read every line once more.
 */
export const maxLineBytes = 100_000
