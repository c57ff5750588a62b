import { readFile } from 'node:fs/promises'
import { packagedFile } from '../core/packaged-file.ts'

let ready: Promise<typeof import('@resvg/resvg-wasm')> | undefined

/** Loads the renderer when the first picture is asked for: its WebAssembly is 2.5 MB. */
function loadRenderer() {
  ready ??= (async () => {
    const [renderer, wasm] = await Promise.all([
      import('@resvg/resvg-wasm'),
      readFile(packagedFile('@resvg/resvg-wasm/index_bg.wasm')),
    ])
    await renderer.initWasm(wasm)
    return renderer
  })()
  ready.catch(() => {
    ready = undefined
  })
  return ready
}

/** The pixels of an SVG, one for each of its units: red, green, blue (multiplied by alpha), alpha. */
export async function renderSvg(svg: string): Promise<Uint8Array> {
  const { Resvg } = await loadRenderer()
  const renderer = new Resvg(svg, { font: { loadSystemFonts: false } })
  try {
    const image = renderer.render()
    const pixels = image.pixels.slice()
    image.free()
    return pixels
  } finally {
    renderer.free()
  }
}
