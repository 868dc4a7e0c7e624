import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../test/support/database.js';
import { WitnessServer } from '../../test/support/witness-server.js';
import { witnessesOf } from '../checkpoint-sinks.js';
import { parseConfig } from '../config/config.js';
import { SYSTEM } from '../domain/ledger-entry.js';
import { auditDatabase } from '../ledger/audit-database.js';
import { Checkpoints } from '../ledger/checkpoints.js';
import { cosignaturesIn } from '../ledger/cosignature.js';
import { exportLedger } from '../ledger/export.js';
import { keptNotes } from '../ledger/kept-checkpoints.js';
import { Ledger } from '../ledger/ledger.js';
import { verifyExport } from '../ledger/verify-export.js';
import { publishCheckpoint } from '../ledger/vouch.js';
import { Log } from '../telemetry/log.js';

let now = new Date('2026-11-26T10:00:00Z');
let test: TestDatabase;
let directory: string;
let ledger: Ledger;
let checkpoints: Checkpoints;
const witnesses: WitnessServer[] = [];

beforeAll(async () => {
  test = await openTestDatabase();
  directory = await mkdtemp(join(tmpdir(), 'tidewatch-witness-'));
  ledger = await Ledger.open({ database: test.database, clock: { now: () => now }, log: Log.silent(), projections: [] });
  const { verifierKey } = await Checkpoints.open({ directory, name: 'example.org/log' });
  for (const name of ['w1.example', 'w2.example'])
    witnesses.push(await WitnessServer.start(name, verifierKey, () => now));
  checkpoints = await opened(directory);
}); // prettier-ignore
afterAll(async () => {
  await Promise.all([test?.close(), ...witnesses.map(async (one) => one.close())]);
  await rm(directory, { recursive: true, force: true });
});

const settings = () =>
  parseConfig({
    TIDEWATCH_WITNESSES: witnesses.map(({ url, key }) => `${url} ${key}`).join(', '),
    TIDEWATCH_WEBHOOK_ALLOW: '127.0.0.1/32',
  });
const opened = async (folder: string) => {
  const asked = witnessesOf(settings(), () => ledger);
  return Checkpoints.open({
    directory: folder,
    name: 'example.org/log',
    ...(asked ? { witnesses: asked } : {}),
  });
};
const append = async (count: number) =>
  ledger.transact(() =>
    Array.from({ length: count }, (_, i) => ({
      action: 'a.b',
      actor: SYSTEM,
      at: now,
      subject: { type: 'n', id: `${i}` },
      data: {},
    })),
  );
/** An hour later, with so many entries more. */
const published = async (count: number) => {
  await append(count);
  now = new Date(now.getTime() + 3_600_000);
  const { note } = await checkpoints.sign(ledger.tree);
  return publishCheckpoint({ ledger, checkpoints }, note, now);
};
const keys = () => witnesses.map(({ key }) => key);

it('has every published checkpoint cosigned, each witness told from where it saw the log last', async () => {
  expect(await published(5)).toEqual([]);
  expect(await published(8)).toEqual([]);
  expect(witnesses.map(({ seen }) => seen.size)).toEqual([13, 13]);
  expect(witnesses[0]!.asked).toEqual([0, 5]);
  const note = checkpoints.history.all.at(-1)!.note;
  expect(cosignaturesIn(note, keys())).toMatchObject([{ witness: 'w1.example', at: now }, { witness: 'w2.example', at: now }]);
  expect(cosignaturesIn(note.replace('\n13\n', '\n12\n'), keys())).toEqual([]);
  // After a restart nobody knows what a witness saw: it says so.
  checkpoints = await opened(directory);
  expect(await published(2)).toEqual([]);
  expect(witnesses[0]!.asked).toEqual([0, 5, 0, 13]);
  // The same checkpoint is not published twice because it has cosignatures now.
  const count = checkpoints.history.all.length;
  expect(await publishCheckpoint({ ledger, checkpoints }, (await checkpoints.sign(ledger.tree)).note, now, true)).toEqual([]);
  expect(checkpoints.history.all).toHaveLength(count);
}); // prettier-ignore

it('is verified offline: an export and a store with the checkpoints that were kept', async () => {
  const kept = keptNotes(await readFile(join(directory, 'ledger-checkpoints.ndjson'), 'utf8'));
  const checkpoint = await checkpoints.sign(ledger.tree);
  const lines: string[] = [];
  for await (const line of exportLedger({ database: test.database, tree: ledger.tree, checkpoint })) lines.push(line.trimEnd());
  const trust = { verifierKey: checkpoint.verifierKey, kept };
  const asked = { keys: keys(), quorum: 2 };
  expect(await verifyExport(lines, { ...trust, witnesses: asked })).toMatchObject({ outcome: 'intact', witnessed: { entries: 15, by: [{ witness: 'w1.example' }, { witness: 'w2.example' }] } });
  expect(await verifyExport(lines, { verifierKey: checkpoint.verifierKey, witnesses: asked })).toMatchObject({ outcome: 'incomplete', problem: expect.stringContaining('cosigned by 2 of w1.example, w2.example') as string });
  const stranger = await WitnessServer.start('w3.example', checkpoint.verifierKey, () => now);
  await stranger.close();
  expect((await verifyExport(lines, { ...trust, witnesses: { keys: [...keys(), stranger.key], quorum: 3 } })).outcome).toBe('incomplete');
  expect((await verifyExport(lines, { ...trust, witnesses: { keys: [...keys(), stranger.key], quorum: 2 } })).outcome).toBe('intact');
  const ground = { directory, sink: undefined, key: null, kept };
  expect(await auditDatabase(test.database, { ...ground, witnesses: asked })).toMatchObject({ valid: true, witnessed: { entries: 15 } });
  expect((await auditDatabase(test.database, { ...ground, kept: [], witnesses: asked })).witnessed).toBeNull();
}); // prettier-ignore

it('goes on with the others where a witness is away, and believes one that saw another log', async () => {
  const [first, second] = witnesses;
  await first!.close();
  expect(await published(1)).toEqual([expect.stringMatching(/^w1\.example: /u)]);
  expect(cosignaturesIn(checkpoints.history.all.at(-1)!.note, keys())).toMatchObject([{ witness: 'w2.example' }]);
  expect(ledger.problem).toBeNull();
  second!.seen = { ...second!.seen, root: 'ab'.repeat(32) };
  expect(await published(1)).toContainEqual(expect.stringContaining('history was rewritten'));
  expect(ledger.problem).toContain('the witness w2.example saw another log');
  second!.seen = { size: 900, root: 'ab'.repeat(32) };
  expect(await published(1)).toContainEqual(expect.stringContaining('saw 900 entries, and there are 18: the end was cut off'));
}); // prettier-ignore

it('is asked for with keys that are made for it', () => {
  const of = (text: string) => witnessesOf(parseConfig({ TIDEWATCH_WITNESSES: text }), () => ledger);
  expect(of('')).toBeUndefined();
  expect(() => of('https://w.example nokey')).toThrow('is no witness');
  expect(() => of(`https://w.example ${checkpoints.verifierKey}`)).toThrow('is no key for cosignatures');
});
