/**
 * Runs in the page, beside plotly.js: draws all figures below each other in two columns, and says which of them show any mark.
 * `figures`: name -> { data, layout }.
 */
globalThis.drawFigures = async (figures) => {
  document.body.replaceChildren()
  document.body.style.cssText = 'display:grid;grid-template-columns:1fr 1fr;gap:8px;font-family:sans-serif'
  const drawn = {}
  for (const [name, { data, layout }] of Object.entries(figures)) {
    const cell = document.body.appendChild(document.createElement('div'))
    cell.appendChild(document.createElement('h3')).textContent = name
    const plot = cell.appendChild(document.createElement('div'))
    await globalThis.Plotly.newPlot(plot, data, { ...layout, width: 580, height: layout.height ?? 420 })
    drawn[name] = plot.querySelector('.trace, .heatmaplayer image, .barlayer path') !== null
  }
  return drawn
}
