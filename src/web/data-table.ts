import { html, type Html, type HtmlValue } from './html.js';

interface TableForm {
  /** Not meant to shrink: it scrolls by itself where it is wider than the page. */
  readonly broad?: boolean;
  /** On a phone a row stands as a block, each cell under the name in its `data-label`. */
  readonly stacks?: boolean;
  readonly caption?: HtmlValue;
}

/** A table that scrolls by itself where it is wider than the page. */
export function dataTable(
  headings: HtmlValue,
  rows: HtmlValue,
  { broad = false, stacks = false, caption = null }: TableForm = {},
): Html {
  const kind = broad ? 'broad' : stacks ? 'stacks' : null;
  return html`<div class="scroll">
    <table${kind && html` class="${kind}"`}>
      ${caption && html`<caption>${caption}</caption>`}
      <thead><tr>${headings}</tr></thead>
      <tbody>${rows}</tbody>
    </table>
  </div>`; // prettier-ignore
}
