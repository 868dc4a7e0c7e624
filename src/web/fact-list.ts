import { html, type Html, type HtmlValue } from './html.js';

type Fact = readonly [name: string, value: HtmlValue];

/** Names and what is said under them; what is nothing is left out. Narrow where there are short facts beside one another. */
export function factList(list: readonly Fact[], width: 'broad' | 'narrow' = 'broad'): Html {
  return html`<dl class="${width === 'broad' ? 'facts broad-facts' : 'facts'}">
    ${list.map(
      ([name, value]) =>
        value &&
        html`<div>
          <dt>${name}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`;
}
