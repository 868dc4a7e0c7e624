import { BadInput } from './graphql-errors.js';

export interface PageArguments {
  readonly first?: number | null;
  readonly after?: string | null;
}

export interface Connection<Item> {
  readonly edges: readonly { readonly cursor: string; readonly node: Item }[];
  readonly nodes: readonly Item[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
  /** On all pages; a function where it costs a question of its own, so that only who asks for it waits. */
  readonly totalCount?: number | (() => Promise<number>);
}

const DEFAULT_SIZE = 50;
const LARGEST = 200;

/** The page size asked for. Throws BadInput outside 1 to 200. */
export function pageSize(first: number | null | undefined): number {
  const size = first ?? DEFAULT_SIZE;
  if (size < 1 || size > LARGEST)
    throw new BadInput(`first: ask for 1 to ${LARGEST} items, not ${size}`, 'first');
  return size;
}

/** An opaque cursor for a place in a list, and back. `fields` are the values the list is ordered by. */
export function encodeCursor(fields: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(fields)).toString('base64url');
}

/** Throws BadInput for a text that is no cursor of `length` fields. */
export function decodeCursor(
  cursor: string | null | undefined,
  length: number,
): readonly (string | number)[] | null {
  if (cursor === null || cursor === undefined) return null;
  try {
    const fields: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (Array.isArray(fields) && fields.length === length) return fields as (string | number)[];
  } catch {
    // Answered below: what does not parse is no cursor either.
  }
  throw new BadInput('after: this is not a cursor that this list gave out', 'after');
}

/** A page out of rows read with one more than the size asked for. */
export function connectionOf<Item>(
  rows: readonly Item[],
  {
    size,
    after,
    cursorOf,
  }: { readonly size: number; readonly after: boolean; readonly cursorOf: (item: Item) => string },
): Connection<Item> {
  const nodes = rows.slice(0, size);
  const edges = nodes.map((node) => ({ cursor: cursorOf(node), node }));
  return {
    edges,
    nodes,
    pageInfo: {
      hasNextPage: rows.length > size,
      hasPreviousPage: after,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}

/** A page out of a list that is in memory, keyed by a unique text. */
export function connectionFrom<Item>(
  items: readonly Item[],
  page: PageArguments,
  keyOf: (item: Item) => string,
): Connection<Item> {
  const size = pageSize(page.first);
  const after = decodeCursor(page.after, 1)?.[0];
  const start = after === undefined ? 0 : items.findIndex((item) => keyOf(item) === after) + 1;
  const rows = items.slice(start, start + size + 1);
  const cursorOf = (item: Item) => encodeCursor([keyOf(item)]);
  return { ...connectionOf(rows, { size, after: after !== undefined, cursorOf }), totalCount: items.length };
}
