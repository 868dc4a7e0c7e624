import { html, type Html, type HtmlValue } from './html.js';

/** A table that scrolls by itself where it is wider than the page; `broad` where it is not meant to shrink. */
export function dataTable(
  headings: HtmlValue,
  rows: HtmlValue,
  { broad = false, caption = null }: { readonly broad?: boolean; readonly caption?: HtmlValue } = {},
): Html {
  return html`<div class="scroll">
    <table${broad && html` class="broad"`}>
      ${caption && html`<caption>${caption}</caption>`}
      <thead><tr>${headings}</tr></thead>
      <tbody>${rows}</tbody>
    </table>
  </div>`; // prettier-ignore
}
