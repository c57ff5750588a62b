import { signal } from '@preact/signals'

/** Where there is no room for three columns, the regions become a tab of the panel. The style sheet has the same bound. */
const query = matchMedia('(max-width: 60rem)')
export const isNarrow = signal(query.matches)
query.addEventListener('change', () => {
  isNarrow.value = query.matches
})
