/**
 * Runs in the browser: sends the forms of the page of decisions without loading it again, and adds the keys. A card that has the
 * focus is meant, else the first one.
 */
export const reviewScript = `
const board = document.getElementById('board')
const said = document.getElementById('said')
let work = Promise.resolve()
async function send(form, button) {
  const body = new URLSearchParams(new FormData(form, button ?? undefined))
  try {
    const answer = await fetch(form.action, { method: 'POST', headers: { accept: 'application/json' }, body })
    const { message, markup } = await answer.json()
    said.textContent = message
    if (markup === undefined) return
    board.innerHTML = markup
    board.querySelector('article')?.focus({ preventScroll: true })
    scrollTo({ top: 0 })
  } catch {
    said.textContent = 'The server does not answer. Is npm run explore -- serve still running?'
  }
}
addEventListener('submit', (event) => {
  if (event.target.method !== 'post') return
  event.preventDefault()
  const { target, submitter } = event
  work = work.then(() => send(target, submitter))
})
addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)) return
  const key = event.key.toLowerCase()
  if (!'sdlu'.includes(key) || key === '') return
  event.preventDefault()
  work = work.then(() => {
    const card = document.activeElement?.closest('article') ?? board.querySelector('article')
    const button = key === 'u' ? document.getElementById('undo') : card?.querySelector('[aria-keyshortcuts=' + key + ']')
    if (button) return send(button.form, button)
  })
})
`.trim()
