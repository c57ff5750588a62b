import { useEffect, useRef, useState } from 'preact/hooks'
import { type ShownRequest, type Snippet, siibraCode, snippetsFor } from './snippets.ts'

/** A button that shows the request behind a view. */
export function How(request: ShownRequest) {
  const dialog = useRef<HTMLDialogElement>(null)
  const [isOpen, setOpen] = useState(false)
  useEffect(() => {
    if (isOpen) dialog.current?.showModal()
  }, [isOpen])
  return (
    <>
      <button
        type="button"
        class="how"
        title={`The request that gives ${request.what}`}
        aria-label={`How to get ${request.what}`}
        onClick={() => setOpen(true)}
      >
        How?
      </button>
      {isOpen ? (
        <dialog ref={dialog} class="code" aria-label={`How to get ${request.what}`} onClose={() => setOpen(false)}>
          <HowContent request={request} onClose={() => dialog.current?.close()} />
        </dialog>
      ) : null}
    </>
  )
}

/** The last language that was chosen is that of the next dialog. */
let preferred = 'curl'

function HowContent({ request, onClose }: { request: ShownRequest; onClose: () => void }) {
  const [siibra, setSiibra] = useState<string>()
  const [language, setLanguage] = useState(preferred)
  const [isCopied, setCopied] = useState(false)
  useEffect(() => {
    siibraCode(request).then(setSiibra, () => {})
  }, [])
  const snippets: Snippet[] = [
    ...snippetsFor(request),
    ...(siibra ? [{ language: 'siibra-python', code: siibra }] : []),
  ]
  const shown = snippets.find((one) => one.language === language) ?? snippets[0]
  const choose = (next: string) => {
    preferred = next
    setLanguage(next)
    setCopied(false)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
    if (!step) return
    const next = snippets[((shown ? snippets.indexOf(shown) : 0) + step + snippets.length) % snippets.length]
    if (next) choose(next.language)
    document.getElementById(`tab-${next?.language}`)?.focus()
  }
  const copy = async () => {
    await copyText(shown?.code ?? '')
    setCopied(true)
  }
  return (
    <>
      <h2>How to get {request.what}</h2>
      <div class="tabs" role="tablist" aria-label="Language" onKeyDown={onKeyDown}>
        {snippets.map((one) => (
          <button
            key={one.language}
            id={`tab-${one.language}`}
            type="button"
            role="tab"
            aria-selected={one === shown}
            tabIndex={one === shown ? 0 : -1}
            onClick={() => choose(one.language)}
          >
            {one.language}
          </button>
        ))}
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, by keys too */}
      <pre tabIndex={0}>{shown?.code}</pre>
      <p class="row">
        <button type="button" class="primary" onClick={copy}>
          {isCopied ? 'Copied' : 'Copy'}
        </button>
        {request.sends ? null : (
          <a href={request.url} target="_blank" rel="noreferrer">
            Open the answer
          </a>
        )}
        <button type="button" class="end" onClick={onClose}>
          Close
        </button>
      </p>
      <p class="sr-only" role="status">
        {isCopied ? 'Copied' : ''}
      </p>
    </>
  )
}

/** Pages that are not served by https have no clipboard of their own. */
async function copyText(text: string) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text)
  const area = document.createElement('textarea')
  area.value = text
  document.querySelector('dialog[open]')?.append(area)
  area.select()
  document.execCommand('copy')
  area.remove()
}
