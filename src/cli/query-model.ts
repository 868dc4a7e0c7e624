import type { ApiClient } from './api-client.js';
import { CliError } from './exit.js';

/** Fields of one model, asked for as `model(key: $key)`. Throws CliError where no model has this key. */
export async function queryModel<Fields>(
  api: ApiClient,
  document: string,
  variables: { readonly key: string; readonly [name: string]: unknown },
): Promise<Fields> {
  const { model } = await api.query<{ model: Fields | null }>(document, variables);
  if (model) return model;
  throw new CliError(
    `no model "${variables.key}" is registered; see tidewatch model list`,
    'model_not_found',
  );
}
