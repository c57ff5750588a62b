/** Every kind of figure that the service sends, drawn by plotly.js in a real browser. */
import { createRequire } from 'node:module'
import { describe, expect, it } from 'vitest'
import { setUpBrowser, visit } from './browser.ts'

const REGION = 'parcellation_id=Harbour%20v2&region_id=Area%20B1%20(Bow)%20left'

/** Types that have a figure (images, data sets and connectivity between regions have none) -> a listing that has one. */
const LISTINGS = {
  ReceptorDensityFingerprint: `/feature/Tabular?${REGION}`,
  LayerwiseCellDensity: `/feature/Tabular?${REGION}`,
  LayerwiseBigBrainIntensities: `/feature/Tabular?${REGION}`,
  RegionalBOLD: `/feature/Tabular?${REGION}`,
  InterarealConnectivityMatrix: `/feature/Tabular?${REGION}`,
  MarmosetCalbindinDensityProfile: `/feature/Tabular?${REGION}`,
  RegionalLocalFieldPotential: '/feature/Tabular?parcellation_id=Burrow&region_id=Mouth%20(Burrow)',
  LocalFieldPotential: '/feature/Tabular?parcellation_id=Burrow&region_id=Mouth%20(Burrow)',
  CellDensityProfile: `/feature/CorticalProfile?${REGION}`,
  ReceptorDensityProfile: `/feature/CorticalProfile?${REGION}`,
  BigBrainIntensityProfile: `/feature/CorticalProfile?${REGION}`,
  GeneExpressions: `/feature/GeneExpressions?${REGION}&gene=MAOA`,
}

interface Figure {
  data: unknown[]
  layout: unknown
}
/** What draw-figures.js defines in the page. */
type PageGlobals = { drawFigures(figures: Record<string, Figure>): Promise<Record<string, boolean>> }

const setup = setUpBrowser()

describe.each(['plotly_white', 'plotly_dark'])('figures in the template %s', (template) => {
  it('are all drawn on one page, without an error', { timeout: 600_000 }, async () => {
    const figures: Record<string, Figure> = {}
    for (const [type, listing] of Object.entries(LISTINGS)) {
      const page = await setup.app.get(`/v3_0${listing}&type=${type}`)
      const [feature] = page.json<{ items: { id: string }[] }>().items
      expect(feature, `${type} in ${listing}`).toBeDefined()
      const gene = type === 'GeneExpressions' ? '&gene=MAOA' : ''
      const path = `/v3_0/feature/${encodeURIComponent(feature!.id)}/plotly?template=${template}${gene}`
      const answer = await setup.app.get(path)
      expect(answer.status, `${type}: ${path} ${new TextDecoder().decode(answer.bytes.subarray(0, 500))}`).toBe(200)
      figures[type] = answer.json<Figure & Record<string, unknown>>()
    }

    const { page, problems, screenshot } = await visit(setup.browser, setup.baseUrl, '/ready')
    const require = createRequire(import.meta.url)
    await page.addScriptTag({ path: require.resolve('plotly.js-dist-min/plotly.min.js') })
    await page.addScriptTag({ path: 'test/browser/draw-figures.js' })
    const drawn = await page.evaluate((all) => (globalThis as unknown as PageGlobals).drawFigures(all), figures)
    await screenshot(`figures-${template}`)
    expect(problems).toEqual([])
    expect(drawn).toEqual(Object.fromEntries(Object.keys(LISTINGS).map((type) => [type, true])))
  })
})
