import { expect, it } from 'vitest'
import { previewTags } from '../../../src/server/pages/atlas-page.ts'

it('a shared address is shown with a picture where it says in which space', () => {
  const tags = previewTags('https://a.example', '/?space=MNI&parcellation=J&region=hOc1 %3Cleft%3E')
  expect(tags).toContain(
    'content="https://a.example/v3_0/map/picture.png?space_id=MNI&#38;size=400&#38;background=dark&#38;parcellation_id=J&#38;region_id=hOc1+%3Cleft%3E"',
  )
  expect(previewTags('https://a.example', '/?region=hOc1')).not.toContain('og:image')
})
