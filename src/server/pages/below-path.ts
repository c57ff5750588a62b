/** Pages below a path: what is written for the root of a host leads to the same below another path. */

/** Addresses in attributes of a page. */
export const pageBelow = (prefix: string, html: string): string =>
  prefix === '' ? html : html.replace(/(\s(?:href|src|action|data-[\w-]+)=")\/(?!\/)/g, `$1${prefix}/`)

/** The guide is built for `/guide/`, which stands in its scripts, styles and data, too. */
export const guideBelow = (prefix: string, text: string): string =>
  prefix === ''
    ? text
    : text.replace(/(["'`(=])\/(guide|v3_0|static|docs|status|llms\.txt)(?=[/"'`)?#\\])/g, `$1${prefix}/$2`)
