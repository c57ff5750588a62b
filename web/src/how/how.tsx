import { useRef, useState } from 'preact/hooks'
import { type ShownRequest, snippetsFor } from './snippets.ts'

/** A button that shows the request behind a view. */
export function How(request: ShownRequest) {
  const dialog = useRef<HTMLDialogElement>(null)
  const [language, setLanguage] = useState('curl')
  const [isCopied, setCopied] = useState(false)
  const [isOpen, setOpen] = useState(false)
  const snippets = isOpen ? snippetsFor(request) : []
  const shown = snippets.find((one) => one.language === language) ?? snippets[0]
  const copy = async () => {
    await navigator.clipboard.writeText(shown?.code ?? '')
    setCopied(true)
  }
  return (
    <>
      <button
        type="button"
        class="how"
        title="The request that gives this"
        onClick={() => {
          setOpen(true)
          setCopied(false)
          dialog.current?.showModal()
        }}
      >
        How?
      </button>
      <dialog ref={dialog} aria-label={`How to get ${request.what}`} onClose={() => setOpen(false)}>
        {isOpen ? (
          <>
            <h3>How to get {request.what}</h3>
            <div role="tablist" aria-label="Language">
              {snippets.map((one) => (
                <button
                  key={one.language}
                  type="button"
                  role="tab"
                  aria-selected={one === shown}
                  onClick={() => {
                    setLanguage(one.language)
                    setCopied(false)
                  }}
                >
                  {one.language}
                </button>
              ))}
            </div>
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, by keys too */}
            <pre tabIndex={0}>{shown?.code}</pre>
            <p class="row">
              <button type="button" onClick={copy}>
                {isCopied ? 'Copied' : 'Copy'}
              </button>
              <button type="button" onClick={() => dialog.current?.close()}>
                Close
              </button>
            </p>
          </>
        ) : null}
      </dialog>
    </>
  )
}
