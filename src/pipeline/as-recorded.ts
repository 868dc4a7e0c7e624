import { textOf } from '../domain/json-object.js';
import type { Json, LedgerEntry } from '../domain/ledger-entry.js';
import type { Ledger } from '../ledger/ledger.js';
import type { CompiledPolicy } from '../policies/compiled-policy.js';
import { inFileOrder, loadPolicies } from '../policies/load.js';
import { Registry, type RegisteredModel } from '../registry/registry.js';
import type { Track } from '../windows/due-windows.js';
import { windowsIn } from '../windows/recorded-windows.js';
import { judgedRowsIn, type RowsAsJudged } from './judged-rows.js';

type Log = Pick<Ledger, 'read'>;

/** What of a judgement does not follow from the version's own rows. */
export interface Circumstances {
  readonly excuse: string | null;
  /** Whether it was from before the version's stream began. */
  readonly isHistory: boolean;
  /** Null where the rows of the model were not this version's to judge; undefined where they were its own. */
  readonly modelRows: number | null | undefined;
}

/** What the ledger says of the judgement of a window on a track. */
export interface VerdictRecord {
  readonly seq: number;
  readonly track: Track;
  readonly revision: number;
  readonly share: number;
  readonly predictions: number;
  readonly labelled: number;
  /** Fingerprint of the reference; null where there was none. */
  readonly baseline: string | null;
  readonly inputs: string;
  /** Of the results. */
  readonly digest: string;
  readonly policies: readonly string[];
  /** Whether these are all that were in force, and not those alone whose verdict counted. */
  readonly namesAll: boolean;
  /** Whether what it left says since when rows wait. */
  readonly knowsWaits: boolean;
  /** Whether its results, and the memory that it left, say what they are read as. */
  readonly interprets: boolean;
  /** Why a silence was excused, and the rows of the whole model where versions share them; null in records that do not say. */
  readonly circumstances: Circumstances | null;
  /** Whether what the model file expects held as it was then, and not as it was when the reference was frozen. */
  readonly holdsWritten: boolean;
  /** What its rows were; null in records that do not say. */
  readonly rows: RowsAsJudged | null;
}

const MOST = 1_000;
/** A person makes that many changes of models and policies by hand. */
const MOST_DECISIONS = 100_000;

/** Every record of a window, the newest first. */
export async function recordsOf(
  ledger: Log,
  { model, version, from }: { readonly model: string; readonly version: string; readonly from: Date },
): Promise<readonly VerdictRecord[]> {
  const entries = await ledger.read({
    actions: ['window.evaluated'],
    subjectType: 'model_version',
    subjectId: `${model}@${version}`,
    text: `"from":"${from.toISOString()}"`,
    newestFirst: true,
    limit: MOST,
  });
  const own = ({ record, start }: RecordedAt) => (start === from.getTime() ? [record] : []);
  return entries.flatMap((entry) => recordsIn(entry).flatMap(own));
}

/** Of all records of a window, the newest first, the newest of each track. */
export function newestOfTracks(records: readonly VerdictRecord[]): readonly VerdictRecord[] {
  return records.filter(({ track }, i) => records.findIndex((one) => one.track === track) === i);
}

/** Windows of a version on a track, by their starts, epoch ms. */
interface AskedJudgements {
  readonly model: string;
  readonly version: string;
  readonly track: Track;
  readonly starts: readonly number[];
}

/** What the newest records of windows say of their rows, by start: looked for where they should be, and where one is not there in the whole log. */
export async function judgedRowsAt(
  ledger: Log,
  asked: AskedJudgements,
  between: { readonly since: Date; readonly until: Date },
): Promise<ReadonlyMap<number, RowsAsJudged>> {
  const near = await newestRows(ledger, asked, between);
  const whole = asked.starts.every((start) => near.has(start)) ? near : await newestRows(ledger, asked, {});
  return new Map([...whole].flatMap(([start, rows]) => (rows ? [[start, rows]] : [])));
}

async function newestRows(
  ledger: Log,
  { model, version, track, starts }: AskedJudgements,
  between: { readonly since?: Date; readonly until?: Date },
): Promise<ReadonlyMap<number, RowsAsJudged | null>> {
  const found = new Map<number, RowsAsJudged | null>();
  const wanted = new Set(starts);
  const query = { actions: ['window.evaluated'], subjectType: 'model_version', subjectId: `${model}@${version}`, ...between }; // prettier-ignore
  for (let before: number | undefined; found.size < wanted.size;) {
    const page = await ledger.read({ ...query, ...(before === undefined ? {} : { before }), newestFirst: true, limit: MOST }); // prettier-ignore
    for (const { data, isRefused } of page)
      for (const window of isRefused ? [] : windowsIn(data)) {
        const from = Date.parse(textOf(window['from']));
        if (wanted.has(from) && window['track'] === track && !found.has(from))
          found.set(from, judgedRowsIn(window));
      }
    if (page.length < MOST) break;
    before = page.at(-1)?.seq;
  }
  return found;
}

/** The engine looks for no more than 255 texts at once. */
const STARTS_AT_ONCE = 100;

/** The newest records of windows on a track, however many, by start. Nothing is recorded of a window before it begins. */
export async function recordsAt(
  ledger: Log,
  { model, version, track, starts }: AskedJudgements,
): Promise<ReadonlyMap<number, RecordedAt>> {
  const found = new Map<number, RecordedAt>();
  const query = { actions: ['window.evaluated'], subjectType: 'model_version', subjectId: `${model}@${version}` }; // prettier-ignore
  for (let i = 0; i < starts.length; i += STARTS_AT_ONCE) {
    const some = starts.slice(i, i + STARTS_AT_ONCE);
    const texts = some.map((start) => `"from":"${new Date(start).toISOString()}"`);
    const since = new Date(Math.min(...some));
    const wanted = new Set(some);
    const entries = await ledger.read({ ...query, texts, since, newestFirst: true, limit: MOST_DECISIONS });
    for (const one of entries.flatMap(recordsIn))
      if (one.record.track === track && wanted.has(one.start) && !found.has(one.start))
        found.set(one.start, one);
  }
  return found;
}

/** The newest window of a version that its newest entries record, its start and end, epoch ms; null where nothing was ever recorded of it. */
export async function newestRecorded(ledger: Log, { model, version }: Pick<AskedJudgements, 'model' | 'version'>): Promise<Pick<RecordedAt, 'start' | 'end'> | null> {
  const query = { actions: ['window.evaluated'], subjectType: 'model_version', subjectId: `${model}@${version}` };
  const entries = await ledger.read({ ...query, newestFirst: true, limit: MOST });
  let newest: RecordedAt | null = null;
  for (const one of entries.flatMap(recordsIn)) if (one.start > (newest?.start ?? -Infinity)) newest = one;
  return newest;
} // prettier-ignore

/** What an entry says of the judgement of one of its windows. */
export interface RecordedAt {
  /** Start and end of the window, epoch ms. */
  readonly start: number;
  readonly end: number;
  readonly record: VerdictRecord;
}

/** The judgements that an entry holds; none where the service did not write it. */
export function recordsIn({ seq, data, isRefused }: Pick<LedgerEntry, 'seq' | 'data' | 'isRefused'>): readonly RecordedAt[] {
  const baseline = typeof data['baseline'] === 'string' ? data['baseline'] : null;
  const layout = Number(data['layout'] ?? 1);
  return isRefused ? [] : windowsIn(data).map((window): RecordedAt => {
    const named = window['policies'];
    const record: VerdictRecord = {
      seq,
      track: window['track'] === 'labels' ? 'labels' : 'inputs',
      revision: Number(window['revision']),
      share: Number(window['share']),
      predictions: Number(window['predictions']),
      labelled: Number(window['labelled']),
      baseline,
      inputs: textOf(window['inputs']),
      digest: textOf(window['digest']),
      policies: Array.isArray(named) ? named.map(textOf) : [],
      namesAll: layout >= 7,
      knowsWaits: layout >= 8,
      interprets: layout >= 8,
      circumstances: layout < 3 ? null : circumstancesOf(window),
      holdsWritten: layout >= 4,
      rows: judgedRowsIn(window),
    };
    return { start: Date.parse(textOf(window['from'])), end: Date.parse(textOf(window['to'])), record };
  });
} // prettier-ignore

function circumstancesOf({ excuse, history, modelRows }: { readonly [key: string]: Json }): Circumstances {
  const rows = typeof modelRows === 'number' || modelRows === null ? modelRows : undefined;
  return { excuse: typeof excuse === 'string' ? excuse : null, isHistory: history === true, modelRows: rows };
}

/** What labels teach comes by itself, also while windows are being judged that are recorded behind it. */
const LEARNT: ReadonlySet<string> = new Set(['baseline.labels_learnt', 'baseline.calibration_learnt']);
/** References of a model that may learn something during one pass: that of the champion, and of a version on trial. */
const MOST_LEARNT = 2;

/**
 * A model as it was registered when entry `seq` was written; behind it, as it was before the newest of what its labels taught until then: a
 * pass that had begun judged with that. Throws ModelNotFound.
 */
export async function modelsAt(
  ledger: Log,
  key: string,
  seq: number,
): Promise<readonly [RegisteredModel, ...RegisteredModel[]]> {
  const actions = [
    'model.registered', 'model.updated', 'model_version.seen', 'model_version.registered', 'model_version.described',
    'model_version.stage_changed', 'baseline.pinned', 'baseline.labels_learnt', 'baseline.calibration_learnt',
  ]; // prettier-ignore
  const query = { actions, before: seq, text: JSON.stringify(key), limit: MOST_DECISIONS };
  const own = (await ledger.read(query)).filter(
    ({ subject, data, isRefused }) => !isRefused && (subject.id === key || data['model'] === key),
  );
  const learnt = own.filter(({ action }) => LEARNT.has(action)).slice(-MOST_LEARNT);
  const without = learnt.map((_, i) => new Set(learnt.slice(learnt.length - 1 - i)));
  const withoutAny = (left: ReadonlySet<LedgerEntry>): RegisteredModel => {
    const registry = new Registry();
    for (const entry of own) if (!left.has(entry)) registry.apply(entry);
    return registry.load(key);
  };
  return [withoutAny(new Set()), ...without.map(withoutAny)];
}

/** Policies by the texts in force; compiling them runs their tests. */
export class Laws {
  private readonly compiled = new Map<string, readonly CompiledPolicy[]>();

  /** The policies in force when entry `seq` was written, compiled from the text in the ledger; of those recorded without a text there are none. */
  async at(ledger: Log, seq: number): Promise<readonly CompiledPolicy[]> {
    const files = await filesAt(ledger, seq);
    const key = JSON.stringify(files);
    const policies = this.compiled.get(key) ?? (files.length === 0 ? [] : loadPolicies(files).policies);
    this.compiled.set(key, policies);
    return policies;
  }
}

async function filesAt(
  ledger: Log,
  seq: number,
): Promise<readonly Parameters<typeof loadPolicies>[0][number][]> {
  const actions = ['policy.activated', 'policy.retired'];
  const inForce = new Map<string, { readonly name: string; readonly file: string; readonly text: string }>();
  for (const { action, subject, data, isRefused } of await ledger.read({
    actions,
    before: seq,
    limit: MOST_DECISIONS,
  })) {
    if (isRefused) continue;
    inForce.delete(subject.id);
    const { content, file } = data;
    if (action === 'policy.activated' && content !== undefined)
      inForce.set(subject.id, { name: textOf(file), file: textOf(file), text: JSON.stringify(content) });
  }
  return inFileOrder([...inForce.values()]);
}
