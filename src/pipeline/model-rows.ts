import type { ModelStage } from '../domain/model.js';
import type { VersionRows } from '../profiles/profiles.js';

/** Stages in which a version answers beside another one, on the same requests. */
export const BESIDE: ReadonlySet<ModelStage> = new Set(['shadow', 'challenger']);

/**
 * The rows of a whole model in one window, on the version that speaks for its volume: the one with the most rows. Null on the others: a canary
 * of a tenth has lost nothing, and a version that was replaced has not either. Versions in the shadow of another one are no part of it.
 */
export function modelRows(
  own: string,
  versions: readonly { readonly version: string; readonly stage: ModelStage }[],
  found: readonly VersionRows[],
): number | null {
  const beside = new Set(versions.filter(({ stage }) => BESIDE.has(stage)).map(({ version }) => version));
  const answering = found.filter(({ version, rows }) => rows > 0 && !beside.has(version));
  const speaker = answering.toSorted((a, b) => b.rows - a.rows || (a.version < b.version ? -1 : 1))[0];
  if (beside.has(own)) return null;
  if (!speaker) return 0;
  return speaker.version === own ? answering.reduce((sum, { rows }) => sum + rows, 0) : null;
}
