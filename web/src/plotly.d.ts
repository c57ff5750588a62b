declare module 'plotly.js-cartesian-dist-min' {
  const plotly: {
    newPlot(element: HTMLElement, data: object[], layout: object, config: object): Promise<void>
    purge(element: HTMLElement): void
  }
  export default plotly
}
