import { someOf } from '../domain/wording.js';
import type { RegisteredModel } from '../registry/registry.js';
import { BadInput } from './graphql-errors.js';

/**
 * Refuses names in a filter that nothing can ever have: an empty list would read as "it never happened". Throws BadInput that names the
 * field, what was asked and what there is, the closest first.
 */
export function demandKnown(
  field: string,
  asked: readonly string[] | string | null | undefined,
  known: Iterable<string>,
): void {
  const names = typeof asked === 'string' ? [asked] : (asked ?? []);
  const all = new Set(known);
  const unknown = names.filter((name) => !all.has(name));
  if (unknown.length === 0) return;
  const listed = all.size === 0 ? 'there is none' : `known: ${nearestFirst(unknown[0] ?? '', [...all])}`;
  throw new BadInput(
    `${field}: ${unknown.map((name) => `"${name}"`).join(', ')} is not known; ${listed}`,
    field,
  );
}

/** Refuses a model that is not registered; `models` are those that are. Throws BadInput. */
export function demandModel(asked: string | null | undefined, models: readonly RegisteredModel[]): void {
  const known = models.map(({ model }) => model.key);
  demandKnown('model', asked, known);
}

/** Refuses a version that none of some models has. Throws BadInput; `field` is where it was asked for. */
export function demandVersion(
  asked: string | null | undefined,
  models: readonly RegisteredModel[],
  field = 'version',
): void {
  const known = models.flatMap(({ versions }) => versions.map(({ version }) => version));
  demandKnown(field, asked, known);
}

const MOST_LISTED = 50;

function nearestFirst(wanted: string, known: readonly string[]): string {
  const close = (name: string) =>
    name.includes(wanted) || wanted.includes(name) ? 2 : Number(name[0] === wanted[0]);
  const sorted = known.toSorted((a, b) => close(b) - close(a) || (a < b ? -1 : 1));
  return someOf(sorted, MOST_LISTED);
}
