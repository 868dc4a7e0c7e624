import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Verdict } from '../../src/domain/incident.js';
import { decideIncidents } from '../../src/incidents/decide-incidents.js';
import { openParquet } from '../../src/tables/parquet-table.js';
import { says } from '../support/incident-log.js';
import { launch, type Launched } from '../support/launch.js';
import { manifestKilled } from '../support/mortal-stages.js';
import { WebhookCollector } from '../support/webhook-collector.js';

const DAY = Date.parse('2026-11-21T00:00:00Z');
const NOW = new Date(DAY + 15 * 3_600_000);
const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

interface Manifest {
  readonly digest: string;
  readonly rows: Readonly<Record<string, number>>;
  readonly files: readonly {
    readonly name: string;
    readonly rows: number;
    readonly bytes: number;
    readonly sha256: string;
  }[];
  readonly columns: readonly { readonly name: string; readonly holds: string }[];
  readonly problems: readonly string[];
}

let app: Launched;
let jobs: WebhookCollector;
let directory: string;
let sent: {
  readonly manifest: { readonly url: string; readonly sha256: string; readonly rows: number };
  readonly callback: { readonly token: string };
};
let id: string;

const at = (minute: number): string => new Date(DAY + minute * 60_000).toISOString();

/** A row a minute from 08:00 to 14:00; incomes are null from 10:00 to 12:00, one call fails, the last hour has no labels. */
function row(minute: number): object {
  const isFaulty = minute >= 600 && minute < 720;
  return {
    prediction_id: `p${minute}`,
    model: 'loan',
    model_version: minute % 10 === 0 ? '8' : '7',
    ts: at(minute),
    subject: `person-${minute}`,
    protected: { sex: minute % 2 ? 'f' : 'm' },
    ...(minute === 485 ? { status: 'timeout' } : {}),
    features: { income: isFaulty ? null : minute, ts: 'a,"b"\n', region: minute % 3 ? 'north' : 'south' },
    prediction: { label: 'good', score: (minute % 100) / 100 },
  };
}

async function judge(hour: number, outcome: Verdict['outcome']): Promise<void> {
  const verdict = { ...says({ check: 'null_rate', feature: 'income', outcome }), summary: 'income is null' };
  const signal = { ...verdict.signal, model: 'loan', version: '7' };
  const window = {
    model: 'loan',
    version: '7',
    revision: 0,
    from: new Date(at((hour - 1) * 60)),
    to: new Date(at(hour * 60)),
  };
  await app.service.ledger.transact((now) => [
    ...decideIncidents(app.service.incidents, { verdicts: [{ ...verdict, signal }], window }, now).entries,
  ]);
}

const get = (path: string, key: string, headers: Record<string, string> = {}) =>
  fetch(`${app.url}${path}`, { headers: { authorization: `Bearer ${key}`, ...headers } });
const sha256 = (bytes: Buffer | string): string => createHash('sha256').update(bytes).digest('hex');

beforeAll(async () => {
  jobs = await WebhookCollector.start({ keys: [SECRET], now: () => app.clock.now().getTime() / 1000 });
  directory = await mkdtemp(join(tmpdir(), 'tidewatch-manifest-'));
  const target = `{ kind: webhook, url: "${jobs.url}", secret: "${SECRET}" }`;
  const models = '{ loan: { target: jobs, mode: auto, period: 8h, files: [parquet, csv] } }';
  await writeFile(
    join(directory, 'retraining.yaml'),
    `retraining: { targets: { jobs: ${target} }, models: ${models} }\n`,
  );
  await mkdir(join(directory, 'models'));
  const model = 'key: loan\ntask: binary\npositive: bad\nprotected: [sex]\nlabels: { expectedWithin: 1h }\n';
  await writeFile(join(directory, 'models', 'loan.yaml'), model);
  app = await launch({ now: NOW, directory, environment: { TIDEWATCH_WEBHOOK_ALLOW: '127.0.0.0/8' } });
  const minutes = Array.from({ length: 360 }, (_, i) => 480 + i);
  await app.query(
    'mutation { modelVersionRegister(input: { model: "loan", version: "8", stage: SHADOW }) { userErrors { message } } }',
  );
  expect(await app.send('/v1/predictions', minutes.map(row))).toMatchObject({ accepted: 360 });
  const labels = minutes.slice(0, 300).map((minute) => ({
    prediction_id: `p${minute}`,
    model: 'loan',
    ts: NOW.toISOString(),
    label: minute % 5 === 1 ? 'bad' : 'good',
  }));
  expect(await app.send('/v1/labels', labels)).toMatchObject({ accepted: 300 });
  // What somebody else said before, which counts no more, although it comes later.
  const earlier = new Date(NOW.getTime() - 1000).toISOString();
  const corrected = labels
    .slice(0, 40)
    .map((label) => ({ ...label, source: 'guess', ts: earlier, label: 'bad' }));
  expect(await app.send('/v1/labels', corrected)).toMatchObject({ accepted: 40 });
  app.clock.advance(60_000);
  await app.tick();
  await judge(11, 'breach');
  await judge(12, 'breach');
  await judge(13, 'clear');
  await judge(14, 'clear');
  await app.query(
    'mutation { retrainingRequest(input: { model: "loan", reason: "spec" }) { userErrors { message } } }',
  );
  const [run] = app.service.stages.retrainings.list();
  if (!run) throw new Error('no run was asked for');
  // Whatever a process leaves that is killed while it writes, the next one begins anew.
  expect(await manifestKilled(app, run.message)).toBeGreaterThan(10);
  await app.service.stages.outbox.drain(app.clock.now());
  sent = (JSON.parse(jobs.received[0]?.body ?? '{}') as { data: typeof sent }).data;
  id = run.id;
});
afterAll(async () => {
  await Promise.all([app?.close(), jobs?.stop()]);
  await rm(directory, { recursive: true, force: true });
});

describe('the manifest of a run', () => {
  const FIELDS =
    'digest rows { total excluded failedCalls unlabelled usable } files { name rows bytes sha256 } columns { name holds } problems';
  const recorded = async (): Promise<Manifest & { readonly document: object }> => {
    const { retraining } = await app.query<{ retraining: { manifest: Manifest & { document: object } } }>(
      `query ($id: ID!) { retraining(id: $id) { manifest { ${FIELDS} document } } }`,
      { id },
    );
    return retraining.manifest;
  };

  it('leaves out the fault to the minute, rows of versions on trial, failed calls and what has no label, and says so', async () => {
    const { rows, document } = await recorded();
    expect(rows).toEqual({ total: 324, excluded: 108, failedCalls: 1, unlabelled: 54, usable: 161 });
    expect(document).toMatchObject({
      model: { key: 'loan', positive: 'bad' },
      period: { from: at(421), to: at(901) },
      exclude: [
        {
          from: at(600),
          to: at(720),
          rows: 108,
          reasons: [{ check: 'null_rate', summary: 'income is null' }],
        },
      ],
      classes: [
        { label: 'good', rows: 125 },
        { label: 'bad', rows: 36 },
      ],
      labels: { expectedWithinMs: 3_600_000 },
      subjects: { rows: 324 },
      protected: { handling: 'leave_out', attributes: ['sex'], alsoFeatures: [] },
      toBeat: [{ version: '8' }, { version: '7', metrics: { accuracy: expect.closeTo(0.777, 2) as number } }],
    });
  });

  it('is named by the request and the ledger, once, and its text has that digest', async () => {
    const { digest } = await recorded();
    expect(sent.manifest).toMatchObject({ sha256: digest, rows: 161, files: 2 });
    const response = await get(new URL(sent.manifest.url).pathname, sent.callback.token);
    expect([response.status, sha256(await response.text())]).toEqual([200, digest]);
    const { auditEvents } = await app.query<{ auditEvents: { totalCount: number } }>(
      '{ auditEvents(filter: { actions: ["retraining.manifest_made"] }) { totalCount } }',
    );
    expect(auditEvents.totalCount).toBe(1);
  });

  it('has files with labels whose bytes are as it says, without persons and protected attributes', async () => {
    const { files, columns } = await recorded();
    expect(files.map(({ name, rows }) => [name, rows])).toEqual([
      ['rows-0001.parquet', 161],
      ['rows-0001.csv', 161],
    ]);
    const names = columns.map(({ name }) => name);
    expect(names).toEqual([
      'prediction_id', 'ts', 'model_version', 'income', 'region', 'feature.ts', 'prediction_label', 'prediction_score', 'actual_label',
    ]); // prettier-ignore
    for (const file of files) {
      const response = await get(`/v1/retrainings/${id}/files/${file.name}`, sent.callback.token);
      const bytes = Buffer.from(await response.arrayBuffer());
      expect([bytes.length, sha256(bytes)]).toEqual([file.bytes, file.sha256]);
      if (file.name.endsWith('.csv'))
        expect(bytes.toString()).toMatch(
          /^"prediction_id","ts",.*\n"p481","2026-11-21 08:01:00.000","7",481,"north","a,""b""\n",/u,
        );
      expect(bytes.includes('person-')).toBe(false);
      const path = join(directory, file.name);
      await writeFile(path, bytes);
      if (file.name.endsWith('.parquet')) {
        const table = await openParquet(path);
        expect(table.columns.map((column) => column.name)).toEqual(names);
        await table.close();
      }
    }
  });

  it('names a statement that gives the very rows of its files, and leaves nothing of them in the store', async () => {
    const { document, files } = (await recorded()) as Manifest & {
      document: { query: { sql: string; parameters: Record<string, string> } };
    };
    const { sql, parameters } = document.query;
    const time = (text: string | undefined) => (text ?? '').replace('T', ' ').replace('Z', '');
    const params = { ...parameters, from: time(parameters['from']), to: time(parameters['to']) };
    const again = await app.service.stages.database.query(sql, { params });
    expect(again).toHaveLength(files[0]?.rows ?? 0);
    const csv = await (await get(`/v1/retrainings/${id}/files/rows-0001.csv`, sent.callback.token)).text();
    const ids = [...csv.matchAll(/^"?(p\d+)"?,/gmu)].map(([, name]) => name);
    expect(again.map((row) => (row as { prediction_id: string }).prediction_id)).toEqual(ids);
    // The files were written by position, the statement reads by name.
    const place = app.service.stages.trainingFiles.pathOf(id, 'rows-0001.parquet') ?? '';
    const columns = 'prediction_id, income, region, `feature.ts`, actual_label';
    const inFile = await app.service.stages.database.query(
      `SELECT ${columns} FROM file('${place}', Parquet) ORDER BY ts, prediction_id`,
    );
    expect(inFile).toHaveLength(161);
    expect(again).toEqual(inFile.map((one) => expect.objectContaining(one as object) as object));
    const staged = await app.service.stages.database.query('SELECT count() AS n FROM staged_labels');
    expect(staged).toEqual([{ n: 0 }]);
    const { trainingManifest } = await app.query<{ trainingManifest: object }>(
      'query ($until: DateTime) { trainingManifest(model: "loan", until: $until) { rows { usable unlabelled failedCalls } } }',
      { until: NOW.toISOString() },
    );
    expect(trainingManifest).toMatchObject({ rows: { usable: 161, unlabelled: 54, failedCalls: 1 } });
  });

  it('gives the rest of a file to who has its beginning', async () => {
    const [file] = (await recorded()).files;
    const path = `/v1/retrainings/${id}/files/${file?.name ?? ''}`;
    const response = await get(path, sent.callback.token, {
      range: 'bytes=100-',
      'if-range': `"${file?.sha256 ?? ''}"`,
    });
    const rest = Buffer.from(await response.arrayBuffer());
    expect([response.status, rest.length]).toEqual([206, (file?.bytes ?? 0) - 100]);
    // A client that resumes what it has whole already asks so.
    for (const range of [`bytes=${file?.bytes}-`, 'bytes=5-2']) {
      const none = await get(path, sent.callback.token, { range });
      expect([none.status, none.headers.get('content-range')]).toEqual([416, `bytes */${file?.bytes}`]);
      expect(await none.json()).toMatchObject({ code: 'range_not_satisfiable' });
    }
    const other = await get(path, sent.callback.token, { range: 'bytes=100-', 'if-range': '"another"' });
    expect(other.status).toBe(200);
    await other.arrayBuffer();
  });

  it('is for the run’s own token and for keys that may read', async () => {
    const path = `/v1/retrainings/${id}/manifest`;
    expect((await get(path, 'wrong')).status).toBe(401);
    expect(
      (await get('/v1/retrainings/nobody/manifest', 'an-admin-key-for-the-tests-0123456789')).status,
    ).toBe(404);
    const strange = await get(`/v1/retrainings/${id}/files/..%2F..%2Fcallback-secret`, sent.callback.token);
    expect(strange.status).toBe(404);
    expect(await strange.text()).toContain('rows-0001.parquet');
  });
});

describe('a preview', () => {
  it('counts without writing or recording, on the API and the page', async () => {
    const { trainingManifest } = await app.query<{ trainingManifest: Manifest }>(
      '{ trainingManifest(model: "loan") { digest rows { usable } files { name } problems } }',
    );
    expect(trainingManifest).toMatchObject({ rows: { usable: 161 }, files: [], problems: [] });
    const page = await fetch(`${app.url}/retrainings/preview?model=loan`, {
      headers: { cookie: 'tidewatch_key=an-admin-key-for-the-tests-0123456789' },
    });
    expect(await page.text()).toMatch(/161 of 324 rows/u);
  });

  it('names what models there are', async () => {
    await expect(app.query('{ trainingManifest(model: "lone") { digest } }')).rejects.toThrow(/known: loan/u);
  });
});

it('does not start a run whose period has no labels, and says so', async () => {
  const report = await fetch(`${app.url}/v1/callbacks/retrain/${id}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${sent.callback.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ status: 'cancelled' }),
  });
  expect(report.status).toBe(202);
  app.clock.advance(40 * 3_600_000);
  await app.query(
    'mutation { retrainingRequest(input: { model: "loan", reason: "too late" }) { userErrors { message } } }',
  );
  await app.service.stages.outbox.drain(app.clock.now());
  const [run] = app.service.stages.retrainings.list();
  expect(jobs.received).toHaveLength(1);
  expect(run).toMatchObject({
    state: 'failed',
    note: expect.stringMatching(/the period has no rows.*send labels/u) as string,
  });
});

it('G-18: lets go of the files of a run, and of no other, when a person of its period is erased', async () => {
  const runs = app.service.stages.retrainings.list();
  expect(runs.length).toBeGreaterThan(1);
  const key = 'an-admin-key-for-the-tests-0123456789';
  const file = `/v1/retrainings/${id}/files/rows-0001.parquet`;
  expect((await get(file, key)).status).toBe(200);
  const who = { actor: { type: 'user', id: 'dpo' }, name: 'dpo' } as const;
  const { erased } = await app.service.erasing.ask('person-500', { reason: 'asked' }, who);
  expect(erased).toMatchObject({ rows: { predictions: 1 }, trainingRuns: [id] });
  const gone = await get(file, key);
  expect(gone.status).toBe(410);
  expect(await gone.text()).toContain('a person was erased');
});
