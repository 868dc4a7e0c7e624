import { createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type NewEntry, SYSTEM } from '../../src/domain/ledger-entry.js';
import { canonicalJson } from '../../src/ledger/canonical-json.js';
import { Checkpoints } from '../../src/ledger/checkpoints.js';
import { verifyExportFile, writeExport } from '../../src/ledger/export-file.js';
import { isCanonical } from '../../src/ledger/is-canonical.js';
import { Ledger, type LedgerOptions } from '../../src/ledger/ledger.js';
import { sealEntry } from '../../src/ledger/sealed-entry.js';
import { Log } from '../../src/telemetry/log.js';
import { openTestDatabase, type TestDatabase } from '../support/database.js';
import { MadeLog } from './ledger/made-log.js';
import { measureStart, type Start } from './ledger/start.js';
import type { BenchOptions, BenchReport } from './report.js';

const AT = new Date('2026-11-21T10:00:00.000Z');
/** Verify 1 000 000 entries offline. */
const TARGET_SECONDS_PER_MILLION = 60;
/** Start with five million entries. */
const TARGET_START_SECONDS = 10;
const LARGER = 5;

/**
 * The audit trail: opening, verifying the stored bytes, exporting, verifying the export offline, one transaction; and starting from a snapshot, with as many entries and
 * with five times as many. `--only start` is the last part alone.
 */
export async function run({ quick, only }: BenchOptions): Promise<BenchReport> {
  const entries = quick ? 50_000 : 1_000_000;
  const test = await openTestDatabase();
  try {
    const log = new MadeLog(test.database);
    const options = { database: test.database, clock: { now: () => AT }, log: Log.silent(), projections: [], seal: log.seal };
    await Ledger.open(options); // the first entry says that entries have codes
    await log.growTo(entries);
    const starts = [await measureStart(test, log, options)];
    const report = only.includes('start') ? null : await measure(test, entries, options);
    await log.growTo(entries * LARGER);
    starts.push(await measureStart(test, log, options));
    return withStarts(report, starts);
  } finally {
    await test.close();
  }
} // prettier-ignore

function withStarts(report: BenchReport | null, starts: readonly Start[]): BenchReport {
  const [small, large] = starts as readonly [Start, Start];
  const exponent = Math.log(large.bySnapshot / small.bySnapshot) / Math.log(large.entries / small.entries);
  const rows = starts.map(({ entries, byHashes, bySnapshot, heapMb, proofMs }) =>
    [String(entries), byHashes.toFixed(2), bySnapshot.toFixed(2), heapMb.toFixed(0), proofMs.toFixed(1)]); // prettier-ignore
  const columns = ['entries', 'by hashes, s', 'by a snapshot, s', 'heap, MB', 'proof, ms'];
  const numbers = { startSeconds: small.bySnapshot, startSecondsLarge: large.bySnapshot, startExponent: exponent, startHeapMb: large.heapMb, startProofMs: large.proofMs }; // prettier-ignore
  const note = `Start with ${large.entries} entries: ${large.bySnapshot.toFixed(1)} s (target ${TARGET_START_SECONDS} s with 5 000 000), ${small.bySnapshot.toFixed(1)} s with ${small.entries}: grows with entries^${exponent.toFixed(2)}. The 20 000 newest entries and one in twenty of the others are folded.`;
  return {
    bench: 'ledger',
    tables: [...(report?.tables ?? []), { title: 'Start from a signed checkpoint', columns, rows }],
    numbers: { ...report?.numbers, ...numbers },
    notes: [...(report?.notes ?? []), note],
  };
}

interface Step {
  readonly name: string;
  readonly seconds: number;
  readonly cpu: number;
}

async function measure(
  { database, directory }: TestDatabase,
  made: number,
  options: LedgerOptions,
): Promise<BenchReport> {
  const [ledger, open] = await step('open: fold everything', async () => Ledger.open(options));
  const [stored, verify] = await step('verify the stored bytes', async () => ledger.verify());
  const entries = ledger.size;
  if (entries !== made) throw new Error(`${made} entries were made, ${entries} are there`);
  const checkpoint = await (await Checkpoints.open({ directory, name: 'bench' })).sign(ledger.tree);
  const [, again] = await step('verify again, nothing changed', async () => ledger.verify());
  const file = join(directory, 'export.ndjson');
  const source = { database, tree: ledger.tree, checkpoint };
  const [, written] = await step('export', async () => writeExport(source, {}, createWriteStream(file)));
  const { verifierKey } = checkpoint;
  const [offline, checked] = await step('verify the export, offline', async () =>
    verifyExportFile(file, { verifierKey }),
  );
  if (!stored.valid || !offline.valid || offline.entries !== entries) {
    throw new Error(
      `the benchmark's own log is not valid: ${stored.problem ?? offline.problem ?? 'entries are missing'}`,
    );
  }
  const text = sealEntry(entryAt(1), 1, 'bench').entry;
  const single = {
    'seal (canonical JSON and leaf hash)': perCall((i) => sealEntry(entryAt(i), i + 1, 'bench')),
    'tell that bytes are canonical': perCall(() => isCanonical(text, JSON.parse(text))),
    'the alternative: canonicalize again and compare': perCall(
      () => canonicalJson(JSON.parse(text)) === text,
    ),
  };
  const transaction = await transactions(ledger);
  const perMillion = (checked.seconds * 1e6) / entries;
  return {
    bench: 'ledger',
    tables: [
      {
        title: `Ledger of ${entries} entries, ${Buffer.byteLength(text)} bytes each, export ${Math.round((await stat(file)).size / 1e6)} MB`,
        columns: ['step', 'seconds', 'CPU seconds', 'µs an entry'],
        rows: [open, verify, again, written, checked].map(({ name, seconds, cpu }) => [
          name,
          seconds.toFixed(2),
          cpu.toFixed(2),
          ((seconds * 1e6) / entries).toFixed(1),
        ]),
      },
      {
        title: 'One at a time',
        columns: ['what', 'CPU µs'],
        rows: Object.entries(single).map(([name, cost]) => [name, cost.toFixed(1)]),
      },
    ],
    numbers: {
      entries,
      openSeconds: open.seconds,
      verifyAgainSeconds: again.seconds,
      verifyStoredSeconds: verify.seconds,
      verifyOfflineSeconds: checked.seconds,
      verifyOfflineCpuSeconds: checked.cpu,
      verifyOfflineSecondsPerMillion: perMillion,
      ...transaction,
    },
    notes: [
      `Offline verification: ${perMillion.toFixed(0)} s for a million entries (target ${TARGET_SECONDS_PER_MILLION} s).`,
      `One transaction, on disk when it returns: median ${transaction.transactMedianMs.toFixed(1)} ms, p95 ${transaction.transactP95Ms.toFixed(1)} ms.`,
    ],
  };
}

/** About the size of an incident's entry. */
function entryAt(seq: number): NewEntry {
  const signal = {
    model: `model-${seq % 50}`,
    version: '2026.11',
    check: 'feature_drift',
    segment: '',
    feature: `f${seq % 25}`,
  };
  const policy = {
    id: 'default',
    version: 3,
    hash: '5d41402abc4b2a76b9719d911017c592'.repeat(2),
    rule: 'drift',
  };
  const judged = {
    statistic: 'location',
    value: (seq % 1000) / 997,
    effect: (seq % 77) / 7,
    n: seq * 13,
    outcome: 'breach',
  };
  const data = {
    signal,
    policy,
    judged,
    channels: ['slack', 'mail'],
    summary: 'distance × 1.609: looks like miles → kilometres',
  };
  return {
    action: 'incident.opened',
    actor: SYSTEM,
    at: AT,
    subject: { type: 'incident', id: `inc-${seq}` },
    data,
  };
}

async function transactions(ledger: Ledger): Promise<{ transactMedianMs: number; transactP95Ms: number }> {
  const times: number[] = [];
  for (let i = 0; i < 40; i++) {
    const started = performance.now();
    await ledger.transact(() => [entryAt(i)]);
    times.push(performance.now() - started);
  }
  times.sort((a, b) => a - b);
  return { transactMedianMs: times[20] ?? 0, transactP95Ms: times[38] ?? 0 };
}

async function step<T>(name: string, work: () => Promise<T>): Promise<[T, Step]> {
  const [started, before] = [performance.now(), process.cpuUsage()];
  const result = await work();
  const { user, system } = process.cpuUsage(before);
  return [result, { name, seconds: (performance.now() - started) / 1000, cpu: (user + system) / 1e6 }];
}

function perCall(work: (i: number) => unknown): number {
  const calls = 20_000;
  for (let i = 0; i < calls / 4; i++) work(i);
  const before = process.cpuUsage();
  for (let i = 0; i < calls; i++) work(i);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / calls;
}
