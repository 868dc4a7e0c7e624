import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { ADMIN_KEY, launch, type Launched } from '../support/launch.js';

const PROGRAM = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const NOW = new Date('2026-11-21T10:00:00Z');
const AS_OF = ['--as-of', '2001-02-01T00:00:00Z'];
const PATIENCE = 120_000;
const MODELS = {
  'price.yaml':
    'key: price\ntask: regression\nformat: { names: [zoo/houses], features: [area, rooms] }\naccepts: { past: 90d }\n',
  'churn.yaml': 'key: churn\ntask: binary\npositive: left\nclasses: [left, stayed]\n',
  'loan.yaml':
    'key: loan\ntask: regression\nformat: { id: input.loan, timestamp: input.at, outputs: { value: predicted } }\n',
};

let app: Launched;
let folder: string;

beforeAll(async () => {
  if (!existsSync(PROGRAM)) throw new Error('build first: npm run build');
  folder = await mkdtemp(join(tmpdir(), 'tidewatch-replay-'));
  await mkdir(join(folder, 'service', 'models'), { recursive: true });
  for (const [name, text] of Object.entries(MODELS))
    await writeFile(join(folder, 'service', 'models', name), text);
  app = await launch({ now: NOW, directory: join(folder, 'service') });
}, PATIENCE);

afterAll(async () => {
  await app?.close();
  await rm(folder, { recursive: true, force: true });
});

interface Ended {
  readonly code: number | null;
  readonly err: string;
  readonly json: Record<string, unknown>;
}

function begin(...args: readonly string[]): { readonly child: ChildProcess; readonly ended: Promise<Ended> } {
  const where = ['--url', app.url, '--key', ADMIN_KEY, '--data', join(folder, 'cli'), '--json'];
  const child = spawn(process.execPath, [PROGRAM, 'replay', ...args, ...where], { cwd: folder });
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  const ended = once(child, 'close').then(([code]) => {
    const last = out.trimEnd().split('\n').at(-1) ?? '';
    return { code: code as number | null, err, json: JSON.parse(last || '{}') as Record<string, unknown> };
  });
  return { child, ended };
}

const replay = async (...args: readonly string[]): Promise<Ended> => begin(...args).ended;
const file = async (name: string, content: string | Buffer): Promise<void> => {
  await mkdir(join(folder, name, '..'), { recursive: true });
  await writeFile(join(folder, name), content);
};
const lines = (...values: readonly unknown[]): string =>
  values.map((value) => (typeof value === 'string' ? value : JSON.stringify(value))).join('\n');
const event = (id: string) => ({
  type: 'prediction',
  prediction_id: id,
  model: 'price',
  ts: '2001-01-31T12:00:00Z',
  features: { area: 80 },
  prediction: { value: 2 },
});
const stored = async (prefix: string) =>
  app.service.database.query<{ id: string; topic: string; place: string; num: object; value: number }>(
    `SELECT prediction_id AS id, topic, toString(offset) AS place, num, value FROM predictions FINAL
     WHERE startsWith(prediction_id, {prefix:String}) ORDER BY prediction_id`,
    { params: { prefix } },
  );

it(
  'sends files by patterns, zipped or not, as of their own time and under their own places',
  { timeout: PATIENCE },
  async () => {
    await file('native/a.ndjson', lines(event('n1'), 'broken', '', event('n2')));
    await file('native/deep/b.jsonl.gz', gzipSync(lines(event('n3'))));
    await file('native/c.json', JSON.stringify([event('n4'), event('n5')], null, 2));
    const rehearsed = await replay('native/**/*', '--dry-run', ...AS_OF);
    const notJson = {
      count: 1,
      first: 'line 2: the bytes are not one complete JSON value: look for truncation and quoting',
    };
    expect([rehearsed.code, rehearsed.json['files']]).toEqual([
      1,
      [
        {
          file: join(folder, 'native/a.ndjson'),
          events: 3,
          formats: { native: 2 },
          notJson: 1,
          rowsWithoutEvent: 0,
          refused: { not_json: notJson },
        },
        {
          file: join(folder, 'native/c.json'),
          events: 2,
          formats: { native: 2 },
          notJson: 0,
          rowsWithoutEvent: 0,
          refused: {},
        },
        {
          file: join(folder, 'native/deep/b.jsonl.gz'),
          events: 1,
          formats: { native: 1 },
          notJson: 0,
          rowsWithoutEvent: 0,
          refused: {},
        },
      ],
    ]);
    expect(await stored('n')).toEqual([]);

    const late = await replay('native/**/*.gz');
    expect([late.code, late.json['codes']], late.err).toEqual([1, { timestamp_out_of_range: 1 }]);
    for (const more of [[], ['--again']]) {
      const sent = await replay('native/**/*', ...AS_OF, '--again', ...more);
      expect([sent.code, sent.json['accepted'], sent.json['codes']], sent.err).toEqual([
        1,
        5,
        { not_json: 1 },
      ]);
    }
    expect((await stored('n')).map(({ id, topic, place }) => [id, topic, place])).toEqual([
      ['n1', 'file:a.ndjson', '0'],
      ['n2', 'file:a.ndjson', '2'],
      ['n3', 'file:b.jsonl.gz', '0'],
      ['n4', 'file:c.json', '0'],
      ['n5', 'file:c.json', '1'],
    ]);
    const letters = await app.query<{ deadLetterCounts: unknown }>('{ deadLetterCounts { code count } }');
    // the line that is not JSON is one letter, however often it is sent; the one that was too late is settled
    expect(letters.deadLetterCounts).toEqual([{ code: 'not_json', count: 1 }]);
  },
);

it('reads every foreign format, told or seen', { timeout: PATIENCE }, async () => {
  const cloudEvent = (id: string, side: string, data: object) => ({
    specversion: '1.0',
    id,
    source: 'x',
    type: `org.kubeflow.serving.inference.${side}`,
    time: '2001-01-31T12:00:00Z',
    inferenceservicename: 'houses',
    namespace: 'zoo',
    data,
  });
  const tensors = (name: string, shape: number[], data: number[]) => ({
    name,
    shape,
    datatype: 'FP64',
    data,
  });
  await file(
    'kserve.ndjson',
    lines(
      cloudEvent('k1', 'request', { instances: [[80, 3]] }),
      cloudEvent('k1', 'response', { predictions: [310] }),
      cloudEvent('k2', 'response', { outputs: [tensors('out', [1, 1], [420])] }),
      cloudEvent('k2', 'request', { inputs: [tensors('in', [1, 2], [120, 5])] }),
    ),
  );
  const capture = (id: string) => ({
    captureData: {
      endpointInput: { observedContentType: 'text/csv', data: '80,3', encoding: 'CSV' },
      endpointOutput: { observedContentType: 'text/csv', data: '310', encoding: 'CSV' },
    },
    eventMetadata: { eventId: id, inferenceTime: '2001-01-31T12:00:00Z' },
    eventVersion: '0',
  });
  await file('sagemaker.jsonl', lines(capture('s1'), capture('s2')));
  const call = (id: string) => ({
    databricks_request_id: id,
    timestamp_ms: 980_942_400_000,
    status_code: 200,
    request: JSON.stringify({ dataframe_split: { columns: ['area', 'rooms'], data: [[80, 3]] } }),
    response: JSON.stringify({ predictions: [310] }),
    served_entity_name: 'price',
  });
  await file('databricks.json', JSON.stringify([call('d1'), call('d2')]));
  await app.service.database.command(
    `INSERT INTO FUNCTION file('${join(folder, 'inference.parquet')}', 'Parquet')
     SELECT 'd3' AS databricks_request_id, toInt64(980942400000) AS timestamp_ms, toUInt16(200) AS status_code,
       '{"dataframe_split":{"columns":["area","rooms"],"data":[[80,3]]}}' AS request, '{"predictions":[310]}' AS response,
       'price' AS served_entity_name`,
  );
  await file(
    'mlflow.ndjson',
    lines({
      id: 'm1',
      model: 'price',
      ts: '2001-01-31T12:00:00Z',
      dataframe_records: [{ area: 80, rooms: 3 }],
      predictions: [310],
    }),
  );
  await file(
    'loans.csv',
    'loan,at,area,rooms,predicted\nr1,2001-01-31T12:00:00Z,80,3,310\nr2,2001-01-31T12:00:00Z,80,3,310\n',
  );
  const all: readonly (readonly [number, ...string[]])[] = [
    [4, 'kserve.ndjson', '--format', 'kserve'],
    [2, 'sagemaker.jsonl', '--model', 'price'],
    [2, 'databricks.json', '--format', 'databricks'],
    [1, 'inference.parquet'],
    [1, 'mlflow.ndjson', '--format', 'mlflow'],
    [2, 'loans.csv', '--format', 'record', '--model', 'loan'],
  ];
  for (const [accepted, ...args] of all) {
    const sent = await replay(...args, ...AS_OF);
    expect([args[0], sent.code, sent.json['accepted'], sent.json['codes']], sent.err).toEqual([
      args[0],
      0,
      accepted,
      {},
    ]);
  }
  for (const prefix of ['k', 's', 'd', 'm', 'r']) {
    const rows = await stored(prefix);
    expect(rows.map(({ id }) => id)).toEqual(
      { k: ['k1', 'k2'], s: ['s1', 's2'], d: ['d1', 'd2', 'd3'], m: ['m1'], r: ['r1', 'r2'] }[prefix],
    );
    expect(rows[0]).toMatchObject({ num: { area: 80, rooms: 3 }, value: 310 });
  }
});

it(
  'reads CSV and Parquet of its own columns, and knows how much is left of them',
  { timeout: PATIENCE },
  async () => {
    await file(
      't.csv.gz',
      gzipSync('prediction_id,ts,area,prediction_value\nt1,2001-01-31 12:00:00,4.5,7\n'),
    );
    await app.service.database.command(
      `INSERT INTO FUNCTION file('${join(folder, 'u.parquet')}', 'Parquet')
     SELECT 'u' || leftPad(toString(number), 4, '0') AS prediction_id, 'price' AS model, toDateTime64('2001-01-31 12:00:00', 3, 'UTC') AS ts,
       CAST((number / 2, 'flat'), 'Tuple(area Float64, kind String)') AS features, CAST(tuple(number), 'Tuple(value Float64)') AS prediction
     FROM numbers(1000)`,
    );
    const csv = await replay('t.csv.gz', '--model', 'price', ...AS_OF);
    const parquet = await replay('u.parquet', ...AS_OF);
    expect(
      [csv.code, csv.json['accepted'], parquet.code, parquet.json['accepted']],
      csv.err + parquet.err,
    ).toEqual([0, 1, 0, 1000]);
    expect(await stored('t1')).toMatchObject([{ num: { area: 4.5 }, value: 7 }]);
    expect((await stored('u')).at(-1)).toMatchObject({
      id: 'u0999',
      num: { area: 499.5 },
      value: 999,
      place: '999',
    });
  },
);

it('goes on where it was interrupted or killed', { timeout: PATIENCE }, async () => {
  const ids = Array.from({ length: 2000 }, (_, i) => `z${String(i).padStart(4, '0')}`);
  await file('long.ndjson', lines(...ids.map(event)));
  const reached = () => {
    const progress = JSON.parse(readFileSync(join(folder, 'cli', 'replay.json'), 'utf8')) as Record<
      string,
      { position: number; finished: boolean }
    >;
    return Object.values(progress).find(({ finished }) => !finished)?.position ?? 0;
  };
  const reach = async (position: number) =>
    vi.waitFor(() => expect(reached()).toBeGreaterThanOrEqual(position), { timeout: 30_000, interval: 20 });

  const first = begin('long.ndjson', '--rate', '400', ...AS_OF);
  await reach(200);
  first.child.kill('SIGINT');
  const interrupted = await first.ended;
  expect([interrupted.code, interrupted.json], interrupted.err).toMatchObject([
    2,
    { error: { code: 'interrupted' } },
  ]);
  const before = reached();

  const second = begin('long.ndjson', '--rate', '400', ...AS_OF);
  await reach(before + 200);
  second.child.kill('SIGKILL');
  expect((await second.ended).code).toBeNull();

  const left = 2000 - reached();
  const third = await replay('long.ndjson', ...AS_OF);
  expect([third.code, third.json['events'], third.err.includes('going on after')]).toEqual([0, left, true]);
  expect(left).toBeLessThan(1800);
  const rows = await stored('z');
  expect(rows.map(({ id }) => id)).toEqual(ids);
  const fourth = await replay('long.ndjson', ...AS_OF);
  expect([fourth.code, fourth.json['events']]).toEqual([0, 0]);
});

it('tells what is wrong with the question, and exits with 2', { timeout: PATIENCE }, async () => {
  await file('events.txt', 'x');
  const cases = [
    [['nothing.csv'], 'no_file', 'there is no file'],
    [['*.nothing'], 'no_file', 'no file is named *.nothing'],
    [['events.txt', 'missing-[0-9].csv', 'b-*.csv'], 'no_file', 'there is no file'],
    [['events.txt', 'b-*.csv'], 'no_file', 'no file is named b-*.csv'],
    [['events.txt', '--model', 'nobody'], 'unknown_model', 'there is no model "nobody"; there are '],
    [
      ['events.txt', '--model', 'nobody', '--dry-run'],
      'unknown_model',
      'there is no model "nobody"; there are ',
    ],
  ] as const;
  for (const [args, code, text] of cases) {
    const ended = await replay(...args);
    expect([ended.code, ended.json]).toMatchObject([
      2,
      { error: { code, message: expect.stringContaining(text) as string } },
    ]);
  }
  const wrong = await replay('events.txt', '--format', 'avro');
  expect([wrong.code, wrong.err]).toEqual([2, expect.stringContaining('there is no format "avro"')]);
});

it(
  'says what is wrong with a file from which nothing can be taken, and exits with 1',
  { timeout: PATIENCE },
  async () => {
    const cases: readonly (readonly [string, string, string])[] = [
      ['empty.csv', '', 'empty.csv is empty'],
      ['book.xlsx', 'PK\u0003\u0004', 'is a ZIP archive'],
      [
        'header.csv',
        'ts,area,prediction_value\n',
        'has no rows, only its columns ts, area, prediction_value',
      ],
      [
        'foreign.csv',
        'ts;area;y_pred;y_true\n2001-01-31;4;5;6\n',
        'add --columns prediction_value=y_pred,actual_label=y_true',
      ],
      ['timeless.csv', 'area,prediction_value\n4,5\n', 'name it with --timestamp'],
      ['wide.csv', 'ts,prediction_value\n2001-01-31,5,6\n', 'row 1 has 3 fields, the header 2'],
      ['cut.parquet', 'PAR1 and no more', 'is not a whole Parquet file'],
    ];
    for (const [name, content, text] of cases) {
      await file(name, content);
      const ended = await replay(name, '--model', 'price');
      expect([ended.code, ended.json]).toMatchObject([
        1,
        { error: { code: 'table', message: expect.stringContaining(text) as string } },
      ]);
    }
    const mapped = await replay(
      'foreign.csv',
      '--model',
      'price',
      ...AS_OF,
      '--columns',
      'prediction_value=y_pred,actual_label=y_true',
    );
    expect([mapped.code, mapped.json['accepted']], mapped.err).toEqual([0, 2]);
    // day and month in the order that the last row shows; the cut row gives nothing, which is no success
    await file('ragged.csv', 'ts,area,prediction_value\n1/2/2001,4,5\n2/3/2001,4\n1/31/2001,4,6\n');
    for (const rest of [['--dry-run'], []]) {
      const ragged = await replay('ragged.csv', '--model', 'price', ...AS_OF, ...rest);
      const [told] = (ragged.json['files'] ?? []) as readonly unknown[];
      expect([ragged.code, typeof told === 'string' ? ragged.json : told]).toMatchObject([
        1,
        { events: 2, rowsWithoutEvent: 1 },
      ]);
    }
  },
);

it(
  'takes events without a type and rows as objects, and tells before sending what would be refused',
  { timeout: PATIENCE },
  async () => {
    const { type: _type, ...untyped } = event('y1');
    await file(
      'untyped.ndjson',
      lines(untyped, { prediction_id: 'y1', model: 'price', ts: '2001-01-31T13:00:00Z', label: 3 }),
    );
    const sent = await replay('untyped.ndjson', ...AS_OF);
    expect([sent.code, sent.json['accepted']], sent.err).toEqual([0, 2]);
    await file(
      'rows.ndjson',
      '{"prediction_id":12345678901234567,"ts":980942400,"area":"5","prediction_value":"1,5"}\n',
    );
    const rows = await replay('rows.ndjson', '--model', 'price', ...AS_OF);
    expect([rows.code, rows.json['accepted']], rows.err).toEqual([0, 1]);
    expect(await stored('12345')).toMatchObject([{ id: '12345678901234567', value: 1.5 }]);
    const row = (id: string) => `{"prediction_id":"${id}","ts":980942400,"area":5,"prediction_value":1.5}`;
    await file('odd.ndjson', [row('o1'), '{"prediction_id":"o2","ts":98', '[1,2]', row('o3')].join('\n'));
    const odd = await replay('odd.ndjson', '--model', 'price', ...AS_OF);
    expect([odd.code, odd.json], odd.err).toMatchObject([
      1,
      { accepted: 2, codes: { not_json: 1, not_object: 1 } },
    ]);
    expect(await stored('o')).toMatchObject([{ id: 'o1' }, { id: 'o3' }]);
    await file(
      'wrong.ndjson',
      lines(
        event('w1'),
        { ...event('w2'), model: 'nobody' },
        { ...event('w3'), ts: 'soon' },
        { ...event('w4'), features: 3 },
        { ...event('w5'), model: 'churn', prediction: { label: 'left', score: 71 } },
        { ...event('w6'), model: 'churn', prediction: { label: 'lost', score: 0.7 } },
      ),
    );
    const rehearsed = await replay('wrong.ndjson', '--dry-run', ...AS_OF);
    const [{ refused }] = rehearsed.json['files'] as [
      { refused: Record<string, { count: number; first: string }> },
    ];
    const codes = Object.keys(refused).sort();
    const sentCodes = (await replay('wrong.ndjson', ...AS_OF)).json['codes'] as Record<string, number>;
    expect([codes, rehearsed.code]).toEqual([Object.keys(sentCodes).sort(), 1]);
    expect(refused['unknown_model']?.first).toBe(
      'line 2: model "nobody" is not registered: register it or correct the key',
    );
    const { deadLetters } = await app.query<{ deadLetters: { nodes: { code: string; message: string }[] } }>(
      '{ deadLetters(first: 20, filter: { topic: "file:wrong.ndjson" }) { nodes { code message } } }',
    );
    for (const { code, message } of deadLetters.nodes) expect(refused[code]?.first).toContain(message);
  },
);

it(
  'takes rows as objects with names of anybody where they are told, and proposes what they may be',
  { timeout: PATIENCE },
  async () => {
    const row = {
      anfrage: 'foreign-1',
      zeit: '2001-01-31T12:00:00Z',
      Fläche: '1.234,5',
      vorhersage: '¥25,189',
    };
    const columns = 'prediction_id=anfrage,ts=zeit,area=Fläche,prediction_value=vorhersage';
    await file('names.ndjson', lines(row));
    const untold = await replay('names.ndjson', '--model', 'price', ...AS_OF);
    expect([untold.code, untold.err + JSON.stringify(untold.json)]).toEqual([
      1,
      expect.stringContaining('none of its 1 rows is a prediction') as string,
    ]);
    const told = await replay('names.ndjson', '--model', 'price', '--columns', columns, ...AS_OF);
    expect([told.code, told.json['accepted']], told.err).toEqual([0, 1]);
    expect(told.err).toContain(
      'column "vorhersage": signs of currencies and marks between thousands are left out',
    );
    expect(await stored('foreign-1')).toMatchObject([{ id: 'foreign-1', value: 25189 }]);
    await file('bad.csv', 'prediction_id,ts,area,prediction_value\nb1,2001-01-31T12:00:00Z,5,teuer\n');
    const bad = await replay('bad.csv', '--model', 'price', ...AS_OF);
    expect(bad.err + JSON.stringify(bad.json)).toMatch(
      /row 1, column .*prediction_value.*teuer.* is not a number/u,
    );
  },
);

it('lets only who operates say when an event was received, and nobody that it came from Kafka', async () => {
  const post = async (headers: Record<string, string>) =>
    fetch(`${app.url}/v1/events`, {
      method: 'POST',
      body: JSON.stringify(event('p1')),
      headers: { authorization: `Bearer ${ADMIN_KEY}`, ...headers },
    }).then(async (response) => [response.status, ((await response.json()) as { code?: string }).code]);
  expect(await post({ 'tidewatch-position': 'tidewatch.predictions/0/5' })).toEqual([400, 'bad_position']);
  expect(await post({ 'tidewatch-format': 'seldon' })).toEqual([400, 'bad_format']);
  const { keyCreate } = await app.query<{ keyCreate: { token: string } }>(
    'mutation { keyCreate(input: { name: "scoring", scopes: [INGEST] }) { token } }',
  );
  const limited = { authorization: `Bearer ${keyCreate.token}` };
  expect(await post({ ...limited, 'tidewatch-position': 'file:a/0/5' })).toEqual([200, undefined]);
  expect(await post({ ...limited, 'tidewatch-position': 'kafka/0/5' })).toEqual([400, 'bad_position']);
  expect(await post({ ...limited, 'tidewatch-as-of': '2001-01-31' })).toEqual([403, 'forbidden']);
  expect(await post({ 'tidewatch-as-of': '2001-01-31T10:00:00' })).toEqual([400, 'bad_timestamp']);
});
