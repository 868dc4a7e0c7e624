import type { VersionRecord } from '../domain/version-record.js';
import type { ModelStage } from '../domain/model.js';
import type { StageChange } from '../registry/registry.js';
import type { Stages } from './stages.js';

/** What somebody says of a version; without a stage one that is new becomes registered, and one that is known stays as it is. */
export interface Announcement extends Omit<StageChange, 'stage'> {
  readonly stage: ModelStage | null;
  readonly record: VersionRecord | null;
}

/** Announces a version, then says where it comes from. Throws ModelNotFound and RegistryError; a refused version is not described. */
export async function announceVersion(
  { ledger, registry }: Pick<Stages, 'ledger' | 'registry'>,
  { record, ...announced }: Announcement,
): Promise<void> {
  const { model, version, actor } = announced;
  await ledger.transact((now) => {
    const isKnown = registry.load(model).versions.some((one) => one.version === version);
    if (isKnown && announced.stage === null) return [];
    return registry.versionRegistered({ ...announced, stage: announced.stage ?? 'registered' }, now);
  });
  if (record)
    await ledger.transact((now) => registry.versionDescribed({ model, version }, record, actor, now));
}
