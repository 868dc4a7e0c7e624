import { countText } from '../domain/wording.js';
import { html, type Html } from './html.js';

/** One page of a list, and where in it that is. */
export interface Paged<Item> {
  readonly items: readonly Item[];
  /** From 1. */
  readonly page: number;
  readonly pages: number;
  readonly total: number;
}

/** The page that an address asks for; the first or the last where there is no such. */
export function paged<Item>(all: readonly Item[], asked: unknown, size: number): Paged<Item> {
  const pages = Math.max(1, Math.ceil(all.length / size));
  const page = Math.min(pages, Math.max(1, Number.parseInt(String(asked), 10) || 1));
  return { items: all.slice((page - 1) * size, page * size), page, pages, total: all.length };
}

/** Links to the pages before and after; nothing where there is one. */
export function pager(
  { page, pages, total }: Omit<Paged<unknown>, 'items'>,
  pathOf: (page: number) => string,
): Html | null {
  if (pages === 1) return null;
  const link = (label: string, to: number) =>
    to >= 1 && to <= pages && html`<a href="${pathOf(to)}">${label}</a>`;
  return html`<nav class="tools" aria-label="Pages">
    ${link('newer', page - 1)}
    <span class="hint">page ${page} of ${pages}, ${countText(total)} in all</span>
    ${link('older', page + 1)}
  </nav>`;
}
