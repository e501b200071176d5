/** Between the parts of a framed line (file, line number, text), and between the fields of one that was put together again. */
export const fieldSeparator = '\u001f'

/**
 * Begins and ends the reason of a line that is refused before it is parsed: `⟨U+001A⟩reason⟨U+001A⟩[size and place] sample`.
 * In no other framed text this character occurs.
 */
export const refusedMark = '\u001a'
