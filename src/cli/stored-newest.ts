import { isBlank } from '../domain/spelling.js';
import type { ApiClient } from './api-client.js';
import type { SeenEvent } from './seen-event.js';

const NEWEST = `query ($model: String!, $version: String!) {
  model(key: $model) { windows(version: $version, first: 1) { nodes { from } } } }`;

interface Answered {
  readonly model: { readonly windows: { readonly nodes: readonly { readonly from: string }[] } } | null;
}

/** A name of the version that an event is of, as the service calls it. */
export function versionIn({ fields }: Pick<SeenEvent, 'fields'>): string {
  const version = fields['model_version'];
  return typeof version === 'string' && !isBlank(version) ? version : 'unversioned';
}

/** Start of the newest window of a version that was judged, epoch ms; -Infinity where none was: then nothing comes too late. */
export async function storedNewest(api: ApiClient, model: string, version: string): Promise<number> {
  const { model: found } = await api.query<Answered>(NEWEST, { model, version });
  return Math.max(...(found?.windows.nodes ?? []).map(({ from }) => Date.parse(from)));
}
