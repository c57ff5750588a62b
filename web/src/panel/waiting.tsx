/** What a panel shows before its answer is there, and where there is none. */
export const Loading = ({ what }: { what: string }) => (
  <p class="hint loading" aria-busy="true">
    Loading {what} …
  </p>
)

export const Failed = ({ message }: { message: string }) => <p class="hint failed">{message}</p>
