import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { doubtLine, type Doubt } from '../../src/cli/doubt-book.js';
import { ADMIN_KEY, launch, type Launched } from '../support/launch.js';

const PROGRAM = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const PATIENCE = 120_000;
const HOUR = 3_600_000;
const NOW = Date.now();
const BEGIN = NOW - 48 * HOUR;

let app: Launched;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tidewatch-dry-run-'));
  await mkdir(join(folder, 'service', 'models'), { recursive: true });
  await writeFile(
    join(folder, 'service', 'models', 'credit.yaml'),
    'key: credit\ntask: binary\npositive: bad\nlateness: 1d\n',
  );
  app = await launch({ now: new Date(NOW), directory: join(folder, 'service') });
}, PATIENCE);
afterAll(async () => {
  await app?.close();
  await rm(folder, { recursive: true, force: true });
});

interface Ended {
  readonly code: number;
  readonly refused: Readonly<Record<string, { readonly count: number }>>;
  readonly doubts: readonly Doubt[];
  /** What people read of them. */
  readonly said: string;
}

/** What the command prints. */
async function run(
  names: readonly string[],
  options: readonly string[],
): Promise<{ code: number; out: string }> {
  const where = ['--url', app.url, '--key', ADMIN_KEY, '--data', join(folder, 'cli'), ...options];
  return new Promise((resolve) => {
    const args = [PROGRAM, 'replay', ...names, '--dry-run', ...where];
    execFile(process.execPath, args, { cwd: folder }, (error, out) =>
      resolve({ code: error ? Number(error.code) : 0, out }),
    );
  });
}

/** A dry run of these files, of a service or of nobody's. */
async function dryRun(names: readonly string[], options: readonly string[] = []): Promise<Ended> {
  const { code, out } = await run(names, [...options, '--json']);
  const { doubts, files } = JSON.parse(out) as Pick<Ended, 'doubts'> & { files: [Pick<Ended, 'refused'>] };
  return { code, refused: files[0].refused, doubts, said: doubts.map(doubtLine).join('\n') };
}

const row = (i: number, more: object = {}) => ({
  type: 'prediction',
  prediction_id: `p${i}`,
  model: 'credit',
  model_version: '7',
  ts: BEGIN + i * 60_000,
  features: { age: 20 + i, income: 1000.5 * i },
  prediction: { label: i % 5 ? 'good' : 'bad', score: 0.25 },
  ...more,
});
const label = (i: number, more: object = {}) => ({
  type: 'label',
  prediction_id: `p${i}`,
  model: 'credit',
  ts: BEGIN + i * 60_000 + HOUR,
  label: 'good',
  ...more,
});
const rows = (from: number, to: number, of: (i: number) => object = row) =>
  Array.from({ length: to - from }, (_, i) => of(from + i));
const file = async (name: string, events: readonly object[]) =>
  writeFile(join(folder, name), events.map((event) => JSON.stringify(event)).join('\n'));
const kinds = ({ doubts }: Ended) => Object.fromEntries(doubts.map(({ kind, count }) => [kind, count]));
const doubtOf = ({ doubts }: Ended, kind: string) => doubts.find((one) => one.kind === kind);

it('finds nothing to doubt in rows that are sound', { timeout: PATIENCE }, async () => {
  await file('sound.ndjson', [...rows(0, 100), ...rows(0, 60, label)]);
  const found = await dryRun(['sound.ndjson']);
  expect([found.code, found.doubts]).toEqual([0, []]);
});

it(
  'names what would be taken and is of no use, with where it stands and what to do',
  { timeout: PATIENCE },
  async () => {
    await file('odd.ndjson', [
      ...rows(0, 60),
      ...rows(60, 64, (i) => row(i, { model_version: undefined })),
      ...rows(64, 66, (i) => row(i, { model_version: '' })),
      row(66, { prediction: { label: 'maybe', score: 0.3 } }),
      ...rows(0, 20, (i) => row(i, { prediction_id: `again-${i}`, ts: BEGIN + i * 60_000 + 60_000 })),
      ...rows(0, 3, (i) => row(i, { ts: BEGIN + 30 * HOUR })),
      row(70, { ts: BEGIN - HOUR }),
    ]);
    await file('labels.ndjson', [
      ...rows(0, 5, label),
      ...rows(100, 160, (i) => label(i, { prediction_id: `other-${i}` })),
      label(6, { label: 'unpaid' }),
    ]);
    const found = await dryRun(['odd.ndjson', 'labels.ndjson']);
    expect(found.code).toBe(0);
    expect(kinds(found)).toEqual({
      no_version: 6,
      undeclared_label: 1,
      sent_twice: 20,
      same_id: 3,
      too_late: 1,
      unmatched_label: 60,
      unknown_truth: 1,
    });
    expect(doubtOf(found, 'unmatched_label')).toMatchObject({ first: expect.stringMatching(/labels\.ndjson, line 6$/) as string }); // prettier-ignore
    expect(doubtOf(found, 'no_version')?.first).toMatch(/odd\.ndjson, line 61$/);
    expect(found.said).toMatch(
      /credit: 20 predictions repeat the features and the answer of another one within 2 min, under another id: sent twice\? \(the first: .*odd\.ndjson, line 68\): keep prediction_id when a request is tried again/,
    );
    expect(doubtOf(found, 'undeclared_label')?.what).toContain('"maybe"');
  },
);

it('looks for the predictions of labels among those that are stored', { timeout: PATIENCE }, async () => {
  expect(await app.send('/v1/predictions', rows(200, 210))).toMatchObject({ accepted: 10, rejected: [] });
  await file('late.ndjson', rows(205, 215, label));
  const found = await dryRun(['late.ndjson']);
  expect(doubtOf(found, 'unmatched_label')).toMatchObject({
    count: 5,
    first: expect.stringMatching(/line 6$/) as string,
    what: 'labels match no prediction of these files or of the service: they change no number',
  });
  const tooMany = Array.from({ length: 1001 }, (_, i) => `x${i}`);
  await expect(
    app.query('query ($ids: [String!]!) { model(key: "credit") { unknownPredictions(ids: $ids) } }', {
      ids: tooMany,
    }),
  ).rejects.toThrow('1001 ids are more than the 1000');
});

it(
  'names local time sent as UTC by labels that come before their predictions, and by rows newer than their file',
  { timeout: PATIENCE },
  async () => {
    const local = (i: number) => row(i, { ts: new Date(BEGIN + i * 60_000 + 2 * HOUR).toISOString() });
    const soon = (i: number) => label(i, { ts: BEGIN + i * 60_000 + 600_000 + 1000 * i });
    await file('local.ndjson', [...rows(0, 60, local), ...rows(0, 60, soon)]);
    const early = await dryRun(['local.ndjson']);
    expect(kinds(early)).toEqual({ label_first: 60 });
    expect(early.said).toContain(
      'labels are from before their prediction: as if predictions were local time 2 h ahead of UTC, sent as UTC?',
    );
    await file(
      'fresh.ndjson',
      rows(0, 60, (i) => row(i, { ts: Date.now() - i * 60_000 + 2 * HOUR })),
    );
    const ahead = await dryRun(['fresh.ndjson']);
    expect(ahead.code).toBe(1);
    // Each row is told once, and that it is refused comes first.
    expect(ahead.doubts).toEqual([]);
    expect(ahead.refused).toMatchObject({ timestamp_out_of_range: { count: 60 } });
    const { out } = await run(['fresh.ndjson'], []);
    expect(out).toContain(
      'would be refused: 60 × timestamp_out_of_range, the first: line 1: ts is more than 1 hour ahead',
    );
    expect(out).toContain(
      '  credit: rows that are refused are ahead by up to 2 h: local time 2 h ahead of UTC, sent as UTC?',
    );
  },
);

it('says without a service what one would refuse unless told otherwise', { timeout: PATIENCE }, async () => {
  await file('alone.ndjson', [
    ...rows(0, 10),
    row(11, { prediction: { label: 'bad', score: 1.7 } }),
    row(12, { ts: BEGIN - 200 * 24 * HOUR }),
  ]);
  const found = await dryRun(['alone.ndjson'], ['--url', 'http://127.0.0.1:9']);
  expect([found.code, kinds(found)]).toEqual([0, { score_range: 1, far_behind: 1 }]);
});

it('names rows that are later than the model allows beside what the service has judged', { timeout: PATIENCE }, async () => {
  expect(await app.send('/v1/predictions', rows(2700, 2880))).toMatchObject({ accepted: 180, rejected: [] });
  app.clock.set(new Date(NOW + 3 * HOUR));
  await app.service.spine.tick({ settling: true });
  const old = (i: number) => row(i, { prediction_id: `old-${i}`, ts: NOW - 60 * 24 * HOUR + i * 60_000 });
  await file('old.ndjson', rows(0, 20, old));
  const found = await dryRun(['old.ndjson']);
  expect([found.code, kinds(found)]).toEqual([0, { too_late: 20 }]);
  await file('blank.ndjson', [row(3000, { model_version: '  ', ts: NOW }), row(3001, { model_version: 'new', ts: NOW - 60 * 24 * HOUR })]);
  expect(kinds(await dryRun(['blank.ndjson']))).toEqual({ no_version: 1 });
}); // prettier-ignore
