import type { LedgerEntry } from '../domain/ledger-entry.js';
import { WRITTEN, WRITTEN_REVIEWED } from '../domain/written-actions.js';
import { canonicalJson } from '../ledger/canonical-json.js';
import type { Checkpoints, SignedCheckpoint } from '../ledger/checkpoints.js';
import { exportLedger, type ExportRange } from '../ledger/export.js';
import type { PackPart } from '../ledger/evidence-pack.js';
import { proveEntry } from '../ledger/prove-entry.js';
import { canonicalBaseline } from '../profiles/fingerprint.js';
import type { Stages } from './stages.js';

type Ground = Pick<Stages, 'database' | 'ledger' | 'baselines'>;

export interface PackWish {
  readonly checkpoint: SignedCheckpoint;
  readonly history: Checkpoints['history'];
  readonly range: ExportRange;
  /** What of the range is about a model alone; null for all of it. */
  readonly about: PackedModel | null;
}

/** Entries of a pack that are about one model. */
export interface PackedModel {
  readonly model: string;
  readonly entries: readonly LedgerEntry[];
}

/** The entries of a range that are about a model. */
export async function packedModel(
  { ledger }: Pick<Stages, 'ledger'>,
  model: string,
  { first = 1, last }: ExportRange & { readonly last: number },
): Promise<PackedModel> {
  const read = await ledger.read({ model, after: first - 1, before: last + 1, limit: MOST });
  return { model, entries: read.filter(({ isRefused }) => !isRefused) };
}

/** Changes of policies and references that people made by hand; a program that makes more is cut off. */
const MOST = 100_000;
/** What names a baseline in the field `id`. */
const LEARNT = new Set(['baseline.labels_learnt', 'baseline.calibration_learnt']);
const LAW = ['policy.activated', 'baseline.pinned', ...LEARNT];
/** What is said of judged windows that were changed in the store. */
const CHANGED = [...WRITTEN.keys(), WRITTEN_REVIEWED];

/**
 * What a pack holds beside its verifier: entries, checkpoints, and what verdicts were made by. Of a part of the log, what was in force before is proven entry by entry; of a
 * model, its entries are as well, but for the first.
 */
export async function packParts(stages: Ground, wish: PackWish): Promise<readonly PackPart[]> {
  const { database, ledger } = stages;
  const { checkpoint, history, about } = wish;
  const last = wish.range.last ?? checkpoint.head.size;
  const all = await ledger.read({ actions: [...LAW, ...CHANGED], before: last + 1, limit: MOST });
  const isMeant = ({ action, data }: LedgerEntry) =>
    about === null || isOfAll({ action, data }) || data['model'] === about.model;
  const laws = all.filter((one) => !one.isRefused && isMeant(one));
  const [one, ...others] = about?.entries ?? [];
  const range = one ? { first: one.seq, last: one.seq } : wish.range;
  const besides = new Map([...laws, ...others].map((entry) => [entry.seq, entry]));
  const before = [...besides.values()]
    .filter(({ seq }) => seq < (range.first ?? 1) || (one && seq !== one.seq))
    .sort((a, b) => a.seq - b.seq);
  const baselines = await baselineParts(stages, laws);
  return [
    { name: 'ledger-key.pub', pieces: [`${checkpoint.verifierKey}\n`] },
    { name: 'ledger.ndjson', pieces: exportLedger({ database, tree: ledger.tree, checkpoint }, range) },
    { name: 'proofs.ndjson', pieces: proofs(stages, before, checkpoint.head.size) },
    { name: 'checkpoints.ndjson', pieces: published(history, checkpoint) },
    ...policyParts(laws),
    ...baselines,
  ];
}

/** Policies are every model's, and who looks into changed windows looks into all that there are. */
function isOfAll({ action, data }: Pick<LedgerEntry, 'action' | 'data'>): boolean {
  return action === 'policy.activated' || (action === WRITTEN_REVIEWED && data['upTo'] !== undefined);
}

async function* proofs(
  { database, ledger }: Ground,
  entries: readonly LedgerEntry[],
  size: number,
): AsyncGenerator<string> {
  for (const { seq } of entries) {
    const { entry, hash, path } = await proveEntry(database, ledger.tree, { seq, size });
    yield `${JSON.stringify({ seq, entry, hash, proof: path })}\n`;
  }
}

/** Those of this key up to the one that covers the pack. */
function published({ all }: Checkpoints['history'], { note }: SignedCheckpoint): readonly string[] {
  const ours = all.filter((one) => one.note.split('\n', 1)[0] === note.split('\n', 1)[0]);
  return ours.map((one) => `${JSON.stringify(one)}\n`);
}

/** Each text once: a policy that came back into force is the same file. */
function policyParts(laws: readonly LedgerEntry[]): readonly PackPart[] {
  const parts = new Map<string, PackPart>();
  for (const { action, data, subject } of laws) {
    const { version, content } = data;
    if (action !== 'policy.activated' || content === undefined) continue;
    const name = `policies/${fileName(subject.id)}@${fileName(JSON.stringify(version ?? 0))}.json`;
    parts.set(name, { name, pieces: [canonicalJson(content)] });
  }
  return [...parts.values()];
}

async function baselineParts(
  { baselines }: Ground,
  laws: readonly LedgerEntry[],
): Promise<readonly PackPart[]> {
  const ids = laws.flatMap(({ action, data }) => {
    const id = action === 'baseline.pinned' ? data['baseline'] : LEARNT.has(action) ? data['id'] : null;
    return typeof id === 'string' ? [id] : [];
  });
  const parts: PackPart[] = [];
  for (const id of new Set(ids)) {
    const held = await baselines.load(id).catch(() => null); // one that was lost is missing in the pack, which the record of it shows
    if (held) parts.push({ name: `baselines/${fileName(id)}.json`, pieces: canonicalBaseline(held) });
  }
  return parts;
}

function fileName(text: string): string {
  return text.replaceAll(/[^\w.@-]/gu, '_').slice(0, 80);
}
