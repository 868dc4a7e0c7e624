import { textOf } from '../domain/json-object.js';
import { SYSTEM, type Json, type LedgerEntry } from '../domain/ledger-entry.js';
import { ANSWERING, MODEL_STAGES, type ModelStage } from '../domain/model.js';
import { VersionRecord } from '../domain/version-record.js';
import type { Championed } from './champion-step.js';
import type { Led, ModelVersion } from './version-entries.js';

/** Versions after an entry about one of them. */
export function versionsAfter(
  versions: readonly ModelVersion[],
  entry: LedgerEntry,
): readonly ModelVersion[] {
  const name = textOf(entry.data['version']);
  const known = versions.find(({ version }) => version === name);
  const next = versionAfter(known, name, entry);
  if (next === undefined) return versions;
  const dated = {
    ...next,
    answersSince: next.answersSince ?? (ANSWERING.has(next.stage) ? entry.at : null),
    led: ledAfter(known, next.stage, entry),
    championed: championedAfter(known, next.stage, entry),
  };
  return known ? versions.map((one) => (one === known ? dated : one)) : [...versions, dated];
}

function versionAfter(
  known: ModelVersion | undefined,
  version: string,
  { action, actor, at, data }: LedgerEntry,
): ModelVersion | undefined {
  const stage = stageOf(data['stage']);
  const begun = known ?? {
    version,
    knownSince: at,
    announcedBy: null,
    answersSince: null,
    led: null,
    championed: null,
    record: null,
  };
  switch (action) {
    case 'model_version.seen':
      return { ...begun, stage, firstSeenAt: at, declared: data['declared'] === true };
    case 'model_version.registered':
      return { ...begun, stage, firstSeenAt: null, declared: true, announcedBy: actor.id };
    case 'model_version.stage_changed':
      return known && { ...known, stage: stageOf(data['after']), declared: actor.type !== SYSTEM.type };
    case 'model_version.described':
      return known && { ...known, record: { record: VersionRecord.parse(data['record']), at, by: actor.id } };
    default:
      return undefined;
  }
}

/** Stages in which rows are answers of the model's own; a challenger answers beside, or did before. */
const LEADING: ReadonlySet<ModelStage> = new Set(['champion', 'canary']);

function ledAfter(known: ModelVersion | undefined, stage: ModelStage, entry: LedgerEntry): Led | null {
  const led = known?.led ?? null;
  if (!LEADING.has(stage)) return led?.until === null ? { ...led, until: entry.at } : led;
  return { since: led ? led.since : leadBegan(known, entry), until: null };
}

function championedAfter(
  known: ModelVersion | undefined,
  stage: ModelStage,
  { seq }: LedgerEntry,
): Championed | null {
  const before = known?.championed ?? null;
  if (stage !== 'champion' || known?.stage === 'champion') return before;
  return { first: before?.first ?? seq, last: seq };
}

/** What nobody announced and took over by itself answered with its rows of before; what was on trial did not. */
function leadBegan(known: ModelVersion | undefined, { actor, at }: LedgerEntry): Date | null {
  if (!known?.firstSeenAt) return null;
  return known.declared || actor.type !== SYSTEM.type ? at : null;
}

function stageOf(value: Json | undefined): ModelStage {
  return MODEL_STAGES.find((stage) => stage === value) ?? 'registered';
}
