import { createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type NewEntry, SYSTEM } from '../../src/domain/ledger-entry.js';
import { canonicalJson } from '../../src/ledger/canonical-json.js';
import { Checkpoints } from '../../src/ledger/checkpoints.js';
import { verifyExportFile, writeExport } from '../../src/ledger/export-file.js';
import { isCanonical } from '../../src/ledger/is-canonical.js';
import { Ledger } from '../../src/ledger/ledger.js';
import { type LedgerRow, sealEntry } from '../../src/ledger/sealed-entry.js';
import type { Database } from '../../src/store/database.js';
import { Log } from '../../src/telemetry/log.js';
import { openTestDatabase } from '../support/database.js';
import type { BenchOptions, BenchReport } from './report.js';

const AT = new Date('2026-11-21T10:00:00.000Z');
const BLOCK = 10_000;
const JUDGED = 'window.evaluated';
/** Verify 1 000 000 entries offline. */
const TARGET_SECONDS_PER_MILLION = 60;

/** The audit trail: opening, verifying the stored bytes, exporting, verifying the export offline, one transaction. */
export async function run({ quick }: BenchOptions): Promise<BenchReport> {
  const entries = quick ? 50_000 : 1_000_000;
  const test = await openTestDatabase();
  try {
    await fill(test.database, entries);
    return await measure(test.database, test.directory, entries);
  } finally {
    await test.close();
  }
}

interface Step {
  readonly name: string;
  readonly seconds: number;
  readonly cpu: number;
}

async function measure(database: Database, directory: string, entries: number): Promise<BenchReport> {
  const options = { database, clock: { now: () => AT }, log: Log.silent(), projections: [] };
  const [ledger, open] = await step('open: fold everything', async () => Ledger.open(options));
  const [stored, verify] = await step('verify the stored bytes', async () => ledger.verify());
  const checkpoint = await (await Checkpoints.open({ directory, name: 'bench' })).sign(ledger.tree);
  const [, again] = await step('verify again, nothing changed', async () => ledger.verify());
  const signed = () => checkpoint.head;
  const [quick, start] = await step('open: from a signed checkpoint', async () =>
    Ledger.open({ ...options, signed, recentOnly: [JUDGED] }),
  );
  if (quick.root !== ledger.root) throw new Error('a start from a checkpoint has another tree');
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
    'inclusion proof': perCall((i) => ledger.tree.inclusionProof((i * 7919) % entries)),
  };
  const transaction = await transactions(ledger);
  const perMillion = (checked.seconds * 1e6) / entries;
  return {
    bench: 'ledger',
    tables: [
      {
        title: `Ledger of ${entries} entries, ${Buffer.byteLength(text)} bytes each, export ${Math.round((await stat(file)).size / 1e6)} MB`,
        columns: ['step', 'seconds', 'CPU seconds', 'µs an entry'],
        rows: [open, start, verify, again, written, checked].map(({ name, seconds, cpu }) => [
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
      openFromCheckpointSeconds: start.seconds,
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

/** Fills the log in blocks of its own, past the one-transaction limit. */
async function fill(database: Database, entries: number): Promise<void> {
  for (let first = 1; first <= entries; first += BLOCK) {
    const rows: LedgerRow[] = [];
    for (let seq = first; seq < first + BLOCK; seq++) rows.push(sealEntry(entryAt(seq), seq, 'bench'));
    await database.insert('ledger', rows);
  }
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
    // As in a fleet: nearly all entries are judgements, of which a start needs the newest only.
    action: seq % 20 === 0 ? 'incident.opened' : JUDGED,
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
