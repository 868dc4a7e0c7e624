import { createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SYSTEM } from '../domain/ledger-entry.js';
import { Log } from '../telemetry/log.js';
import { openTestDatabase, type TestDatabase } from '../../test/support/database.js';
import { Checkpoints, type SignedCheckpoint } from './checkpoints.js';
import { exportLedger, type ExportHeader, type ExportLine, type ExportRange } from './export.js';
import { Ledger } from './ledger.js';
import { leafHash } from './merkle.js';
import { verifyExportFile, writeExport } from './export-file.js';
import { auditDatabase } from './audit-database.js';
import { keptNotes } from './kept-checkpoints.js';
import { verifyExport } from './verify-export.js';

let test: TestDatabase;
let keys: string;
let ledger: Ledger;
let checkpoints: Checkpoints;
let kept: SignedCheckpoint;
let checkpoint: SignedCheckpoint;

beforeAll(async () => {
  test = await openTestDatabase();
  keys = await mkdtemp(join(tmpdir(), 'tidewatch-keys-'));
  const at = new Date('2026-11-21T10:00:00Z');
  ledger = await Ledger.open({
    database: test.database,
    clock: { now: () => at },
    log: Log.silent(),
    projections: [],
  });
  checkpoints = await Checkpoints.open({ directory: keys, name: 'test' });
  const append = async (count: number): Promise<unknown> =>
    ledger.transact(() =>
      Array.from({ length: count }, (_, i) => ({
        action: 'a.b',
        actor: SYSTEM,
        at,
        subject: { type: 'n', id: `${i}` },
        data: { i, text: 'line\u2028break\n' },
      })),
    );
  await append(7);
  kept = await checkpoints.sign(ledger.tree);
  await append(6);
  checkpoint = await checkpoints.sign(ledger.tree);
  await append(1); // not signed for yet
});
afterAll(async () => {
  await test.close();
  await rm(keys, { recursive: true, force: true });
});

async function exported(range: ExportRange = {}): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of exportLedger({ database: test.database, tree: ledger.tree, checkpoint }, range))
    lines.push(line.trimEnd());
  return lines;
}
const trust = (): { verifierKey: string; kept: readonly string[] } => ({
  verifierKey: checkpoint.verifierKey,
  kept: [kept.note],
});
function edit(lines: string[], index: number, change: (line: ExportLine) => object): string[] {
  return lines.with(
    index,
    JSON.stringify({ ...JSON.parse(lines[index]!), ...change(JSON.parse(lines[index]!) as ExportLine) }),
  );
}

describe('an export', () => {
  it('of the whole log proves itself', async () => {
    const found = await verifyExport(await exported(), trust());
    expect(found).toEqual({
      valid: true,
      outcome: 'intact',
      entries: 13,
      head: checkpoint.head,
      problem: null,
      limits: [],
      recordedFrom: '2026-11-21T10:00:00.000Z',
      recordedUntil: '2026-11-21T10:00:00.000Z',
      notes: [expect.stringMatching(/^entry 1 has the action "a\.b", .* \(and 12 more\)$/)],
    });
  });

  it('says what could not be checked', async () => {
    const found = await verifyExport(await exported());
    expect(found.valid).toBe(true);
    expect(found.limits).toHaveLength(2);
  });

  it.each([
    [1, 13],
    [3, 3],
    [5, 9],
    [13, 13],
    [1, 12],
  ])('of entries %i to %i is proven', async (first, last) => {
    const found = await verifyExport(await exported({ first, last, older: 7 }), trust());
    expect(found).toMatchObject({ valid: true, entries: last - first + 1, head: checkpoint.head });
  });

  it('that is broken is as old as what a signature covers of it, whatever time a forged row has', async () => {
    const damage = 'entry 14 was not written by the service';
    const lines: string[] = [];
    for await (const line of exportLedger({ database: test.database, tree: ledger.tree, checkpoint, damage })) lines.push(line.trimEnd());
    const late = lines.map((line, i) => (i === 14 ? line.replaceAll('2026-11-21T10', '2026-11-27T10') : line));
    const { entry } = JSON.parse(late[14]!) as ExportLine;
    const forged = edit(late, 14, () => ({ hash: leafHash(entry).toString('hex') }));
    expect(forged[14]).toContain('2026-11-27T10');
    const found = await verifyExport(forged, { verifierKey: checkpoint.verifierKey });
    expect(found).toMatchObject({ valid: false, outcome: 'broken', recordedUntil: '2026-11-21T10:00:00.000Z' });
    // and of what breaks before anything is covered no time is known
    const early = await verifyExport(edit(await exported(), 3, ({ entry: text }) => ({ entry: text.replace('"i":', '"i":9') })));
    expect(early).toMatchObject({ outcome: 'broken', recordedFrom: null, recordedUntil: null });
  }); // prettier-ignore

  it('covers only what was signed for', async () => {
    await expect(exported({ last: 14 })).rejects.toThrow('the checkpoint covers 1 to 13');
    await expect(exported({ first: 9, last: 8 })).rejects.toThrow(RangeError);
  });
});

describe.each([
  ['whole', {}],
  ['in part', { first: 3, last: 12, older: 7 }],
])('verifyExport, %s', (_, range) => {
  const forged = (line: ExportLine): Partial<ExportLine> => {
    const entry = line.entry.replace('"i":', '"i":9');
    return { entry, hash: leafHash(entry).toString('hex') };
  };

  it.each([
    [
      'a changed byte',
      (lines: string[]) => edit(lines, 3, ({ entry }) => ({ entry: entry.replace('"i":', '"i":9') })),
      /entry \d+ was changed/,
    ],
    [
      'a changed entry with its hash',
      (lines: string[]) => edit(lines, 3, forged),
      /rewritten|not in the log that was signed/,
    ],
    ['a missing line', (lines: string[]) => lines.toSpliced(3, 1), /is missing: it was removed/],
    ['a missing end', (lines: string[]) => lines.slice(0, -2), /the export is cut off/],
    [
      'two lines swapped',
      (lines: string[]) => [lines[0]!, lines[2]!, lines[1]!, ...lines.slice(3)],
      /entries \d+ and \d+ are swapped/,
    ],
    [
      'a line twice',
      (lines: string[]) => lines.toSpliced(4, 0, lines[3]!),
      /stands there twice: it was duplicated/,
    ],
    [
      'another line at its place',
      (lines: string[]) => [...lines.slice(0, 4), edit(lines, 3, forged)[3]!, ...lines.slice(4)],
      /one was inserted/,
    ],
    ['a line too much', (lines: string[]) => [...lines, lines.at(-1)!], /more than the header says/],
    [
      'a line that is no entry',
      (lines: string[]) => lines.with(3, '{"type":"note"}'),
      /line 4 is not an entry/,
    ],
    ['a line that is no JSON', (lines: string[]) => lines.with(3, '{'), /line 4 is not JSON/],
    [
      'the end of a line missing',
      (lines: string[]) => [...lines.slice(0, 6), lines[6]!.slice(0, 90)],
      /entries \d+ to \d+ are missing: the export is cut off/,
    ],
    ['half a header', (lines: string[]) => [lines[0]!.slice(0, 60)], /cut off in its first line/],
    [
      'a property nobody knows',
      (lines: string[]) => edit(lines, 3, () => ({ comment: 'trust me' })),
      /line 4 is not an entry: .*comment/,
    ],
    [
      'a property of the header nobody knows',
      (lines: string[]) => edit(lines, 0, () => ({ verified: true })),
      /not the header/,
    ],
    [
      'a property that stands twice',
      (lines: string[]) => lines.with(3, lines[3]!.replace('{"type":"entry",', '{"type":"entry","seq":1,')),
      /line 4 is not in the form of an export: a property stands twice/,
    ],
    ['no header', (lines: string[]) => lines.slice(1), /not the header/],
    ['nothing', () => [], /the export is empty/],
  ])('finds %s', async (_name, forge, problem) => {
    const found = await verifyExport(forge(await exported(range)), trust());
    expect(found.problem).toMatch(problem);
    expect(found.valid).toBe(false);
    expect(found.outcome).toBe(/cut off|empty/.test(found.problem ?? '') ? 'incomplete' : 'broken');
  });

  it('finds a checkpoint signed by somebody else', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'tidewatch-forger-'));
    const forger = await Checkpoints.open({ directory, name: 'test' });
    const root = () => Buffer.from(checkpoint.head.root, 'hex');
    const { note, verifierKey } = await forger.sign({ size: 13, root, rootOf: async () => root() });
    await rm(directory, { recursive: true });
    const lines = await exported(range);
    const resigned = lines.with(
      0,
      JSON.stringify({ ...(JSON.parse(lines[0]!) as ExportHeader), checkpoint: note, verifierKey }),
    );
    expect((await verifyExport(resigned)).valid).toBe(true); // which is why `limits` says so
    const trusted = { verifierKey: checkpoint.verifierKey };
    expect((await verifyExport(resigned, trusted)).problem).toBe(
      `the export names the key ${verifierKey}, and the one you trust is ${checkpoint.verifierKey}`,
    );
    const disguised = edit(resigned, 0, () => trusted);
    expect((await verifyExport(disguised, trusted)).problem).toBe('no valid signature of test');
  });
});

/** A tree that says anything, and that it was another one at seven entries. */
const treeOf = (size: number, history: string) => ({
  size,
  root: () => leafHash(history),
  rootOf: async (then: number) => leafHash(then === 7 ? 'another history' : history),
});

it('finds a log that does not begin with the checkpoint the auditor kept', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'tidewatch-kept-'));
  const key = await readFile(join(keys, 'ledger-key.pem'), 'utf8');
  const other = await Checkpoints.open({ directory, name: 'test', privateKey: key });
  const rewritten = await other.sign(treeOf(7, 'another history'));
  const longer = await (
    await Checkpoints.open({ directory, name: 'test', privateKey: key })
  ).sign(treeOf(20, 'a longer one'));
  await rm(directory, { recursive: true });
  const [whole, part] = [await exported(), await exported({ first: 3, last: 12, older: 7 })];
  for (const lines of [whole, part]) {
    expect((await verifyExport(lines, { kept: [rewritten.note] })).problem).toContain(
      'history was rewritten',
    );
    expect((await verifyExport(lines, { kept: [longer.note] })).problem).toContain('the end is cut off');
  }
  expect(
    (await verifyExport(await exported({ first: 3, last: 12 }), { kept: [kept.note] })).problem,
  ).toContain('no proof from your checkpoint');
  // Every note of a published file counts, whichever it is.
  const [first, all] = [
    await verifyExport(whole, { kept: [rewritten.note, kept.note] }),
    { kept: [kept.note, checkpoint.note] },
  ];
  expect(first).toMatchObject({ outcome: 'broken', problem: expect.stringContaining('first 7 entries') });
  expect(await verifyExport(whole, all)).toMatchObject({ outcome: 'intact' });
  expect(await verifyExport(part, all)).toMatchObject({ outcome: 'intact' });
  // The file grows on after an export: that alone proves no cut.
  expect(await verifyExport(whole, { kept: [kept.note, longer.note] })).toMatchObject({
    outcome: 'incomplete',
    problem: expect.stringContaining('ask for a newer export'),
  });
});

it('takes kept checkpoints as one note and as the file that is published, and nothing else', async () => {
  const line = (note: string): string => `${JSON.stringify({ at: '2026-11-21T10:00:00Z', note })}\n`;
  expect(keptNotes(kept.note)).toEqual([kept.note]);
  expect(keptNotes(line(kept.note) + line(checkpoint.note) + '{"at":')).toEqual([kept.note, checkpoint.note]);
  for (const text of ['', 'hello\n\nworld', '{"at":1}', line('hello'), (await exported()).join('\n')])
    expect(() => keptNotes(text), text.slice(0, 20)).toThrow('is no checkpoint');
});

it('goes through a file, and a missing file is not an empty export', async () => {
  const path = join(keys, 'evidence.ndjson');
  await writeExport({ database: test.database, tree: ledger.tree, checkpoint }, {}, createWriteStream(path));
  expect(await verifyExportFile(path, trust())).toMatchObject({ valid: true, entries: 13 });
  await expect(verifyExportFile(join(keys, 'nothing.ndjson'))).rejects.toThrow('ENOENT');
});

it('holds a database to the checkpoints that somebody kept, and to the key they trust', async () => {
  const ground = { directory: keys, sink: undefined, key: null };
  const audited = async (more: object) => auditDatabase(test.database, { ...ground, ...more });
  expect(await audited({ kept: [kept.note], trustedKey: kept.verifierKey })).toMatchObject({ valid: true, held: 1, unheld: 0 });
  const directory = await mkdtemp(join(tmpdir(), 'tidewatch-other-'));
  const other = await Checkpoints.open({ directory, name: 'test' });
  const { note, verifierKey } = await other.sign(ledger.tree);
  await rm(directory, { recursive: true });
  expect(await audited({ kept: [kept.note, note] })).toMatchObject({ valid: true, held: 1, unheld: 1 });
  expect(await audited({ kept: [note] })).toMatchObject({ valid: false, problem: expect.stringContaining('is not of the key') as string });
  expect(await audited({ trustedKey: verifierKey })).toMatchObject({ valid: false, problem: expect.stringContaining('the one you trust is') as string });
  const longer = await checkpoints.sign(ledger.tree);
  expect(await audited({ kept: [longer.note] })).toMatchObject({ valid: true, repeated: [] });
  await test.database.command('INSERT INTO ledger SETTINGS insert_deduplicate = 0 SELECT * FROM ledger WHERE seq = 3');
  expect(await audited({})).toMatchObject({ valid: true, repeated: [{ seq: 3, rows: 2 }] });
  expect((await auditDatabase(test.database, { ...ground, directory: 'nowhere', kept: [longer.note], trustedKey: longer.verifierKey })).valid).toBe(true);
  await expect(auditDatabase(test.database, { ...ground, directory: 'nowhere', kept: [longer.note] })).rejects.toThrow('--trusted-key');
}); // prettier-ignore

it('holds a database to the newest checkpoint of its directory', async () => {
  expect(await auditDatabase(test.database, { directory: keys, sink: undefined, key: null })).toMatchObject({
    valid: true,
    entries: 14,
    signed: 14,
  });
  await test.database.command('ALTER TABLE ledger DELETE WHERE seq > 12', {
    settings: { mutations_sync: 1 },
  });
  expect(await auditDatabase(test.database, { directory: keys, sink: undefined, key: null })).toMatchObject({
    valid: false,
    entries: 12,
    signed: 14,
  });
});
