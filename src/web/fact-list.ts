import { html, type Html } from './html.js';

/** Names and what is said under them; what is null is left out. */
export function factList(list: readonly (readonly [name: string, value: Html | string | null])[]): Html {
  return html`<dl class="facts broad-facts">
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
