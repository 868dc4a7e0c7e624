import type { ApiClient } from './api-client.js';
import type { LoneLabel } from './pair-labels.js';

const LOOKED_UP_AT_ONCE = 1_000;
/** Of so many labels of a model the store is asked; of more the first ones stand for all. */
const MOST_LOOKED_UP = 100_000;

const DOCUMENT =
  'query ($key: String!, $ids: [String!]!) { model(key: $key) { unknownPredictions(ids: $ids) } }';

/** Those labels that no prediction of the service is for either. Throws CliError as a query does. */
export async function withoutStored(
  api: ApiClient,
  lone: ReadonlyMap<string, readonly LoneLabel[]>,
): Promise<ReadonlyMap<string, readonly LoneLabel[]>> {
  const left = new Map<string, readonly LoneLabel[]>();
  for (const [key, labels] of lone) {
    const unknown = new Set<string>();
    for (let from = 0; from < Math.min(labels.length, MOST_LOOKED_UP); from += LOOKED_UP_AT_ONCE) {
      const ids = labels.slice(from, from + LOOKED_UP_AT_ONCE).map(({ id }) => id);
      const { model } = await api.query<Answered>(DOCUMENT, { key, ids });
      for (const id of model?.unknownPredictions ?? ids) unknown.add(id);
    }
    left.set(
      key,
      labels.filter(({ id }, i) => i >= MOST_LOOKED_UP || unknown.has(id)),
    );
  }
  return left;
}

interface Answered {
  readonly model: { readonly unknownPredictions: readonly string[] } | null;
}
