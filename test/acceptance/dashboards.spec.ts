import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { binaryMetrics } from '../../src/checks/binary-metrics.js';
import { packageFolder } from '../../src/config/package-folder.js';
import type { CaseMessage } from '../../src/domain/case-message.js';
import { deliveryRequested } from '../../src/domain/delivery.js';
import { SYSTEM, type NewEntry } from '../../src/domain/ledger-entry.js';
import { NO_ANSWERS } from '../../src/domain/outcome.js';
import { openIncident } from '../../src/incidents/open-incident.js';
import { incidentJson } from '../../src/incidents/incident-json.js';
import { Ledger } from '../../src/ledger/ledger.js';
import { Log } from '../../src/telemetry/log.js';
import { delongAuc } from '../support/delong-auc.js';
import { openTestDatabase, type TestDatabase } from '../support/database.js';
import { FakeClock } from '../support/fake-clock.js';
import { expandGrafanaSql, type GrafanaTime, type VariableValues } from '../support/grafana-sql.js';

const FOLDER = join(packageFolder(), 'dashboards');
const HOUR = 3_600_000;
const START = Date.UTC(2026, 2, 2);
const HOURS = 24;
const END = START + HOURS * HOUR;
/** Kinds of panels that draw time. */
const OVER_TIME = new Set(['timeseries', 'status-history']);
const TIME: GrafanaTime = { from: new Date(START), to: new Date(END + HOUR), step: 3600 };
const MODELS = ['credit-default', 'fraud'];
const text = (ms: number) => new Date(ms).toISOString().slice(0, 23).replace('T', ' ');

interface AlertRule {
  readonly title: string;
  readonly condition: string;
  readonly data: readonly [
    { readonly refId: string; readonly datasourceUid: string; readonly model: Target },
    {
      readonly refId: string;
      readonly datasourceUid: string;
      readonly model: { readonly expression: string };
    },
  ];
}

interface Target {
  readonly rawSql: string;
  readonly queryType: string;
  readonly format: number;
  readonly refId: string;
  readonly editorType: string;
  readonly datasource: { readonly type: string; readonly uid: string };
}

interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description: string;
  readonly datasource: { readonly uid: string };
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly fieldConfig: { readonly defaults: { readonly unit?: string } };
  readonly targets: readonly Target[];
}

interface Variable {
  readonly name: string;
  readonly type: string;
  readonly query: string;
  readonly multi: boolean;
}

interface Dashboard {
  readonly id?: unknown;
  readonly uid: string;
  readonly title: string;
  readonly version: number;
  readonly schemaVersion: number;
  readonly tags: readonly string[];
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly Variable[] };
  readonly annotations: { readonly list: readonly { readonly builtIn?: number; readonly target?: Target }[] };
  readonly links: readonly { readonly url: string }[];
}

const FILES = readdirSync(FOLDER).filter((name) => name.endsWith('.json'));
const raw = (file: string) => readFileSync(join(FOLDER, file), 'utf8');
const read = (file: string) => JSON.parse(raw(file)) as Dashboard;
const UIDS = FILES.map((file) => read(file).uid);

/** Every query of a dashboard with where it stands. */
function queriesOf(dashboard: Dashboard): readonly { readonly place: string; readonly sql: string }[] {
  return [
    ...dashboard.panels.flatMap((panel) =>
      panel.targets.map(({ rawSql }) => ({ place: `panel ${panel.title}`, sql: rawSql })),
    ),
    ...dashboard.annotations.list.flatMap(({ target }) =>
      target ? [{ place: 'annotation', sql: target.rawSql }] : [],
    ),
    ...dashboard.templating.list
      .filter(({ type }) => type === 'query')
      .map(({ name, query }) => ({ place: `variable ${name}`, sql: query })),
  ];
}

/** Labelled answers by bin of their score: 36 positives and 44 others. */
const SCORED = {
  positives: { 100: 2, 120: 4, 140: 30 },
  negatives: { 100: 30, 120: 10, 140: 4 },
  scores: { 100: 1, 120: 4, 140: 29 },
};

async function seed({ database }: TestDatabase): Promise<void> {
  const windows: object[] = [];
  const results: object[] = [];
  const minutes: object[] = [];
  const outcomes: object[] = [];
  const measures: object[] = [];
  const calls: object[] = [];
  for (const model of MODELS) {
    for (let hour = 0; hour < HOURS; hour++) {
      const [from, drifted] = [START / 1000 + hour * 3600, model === 'credit-default' && hour >= 12];
      const window = { model, version: '1', window_from: from, window_to: from + 3600, revision: 0 };
      const judged = { evaluated_at: text(from * 1000 + HOUR) };
      const stored = {
        ...window,
        ...judged,
        predictions: 100,
        baseline: 'b',
        share: 1,
        watermark: judged.evaluated_at,
      };
      windows.push({ ...stored, track: 'inputs', labelled: 0 });
      windows.push({ ...stored, revision: 1, track: 'labels', labelled: 80 });
      const result = (
        check: string,
        feature: string,
        statistic: string,
        value: number | string,
        evidence: number | string,
      ) =>
        results.push({
          ...window,
          ...judged,
          check,
          feature,
          statistic,
          value,
          n: 100,
          state: drifted && evidence !== 'nan' ? 'ALERT' : 'OK',
          evidence,
          effect: drifted ? 2.5 : 0.1,
          since: null,
          explanation: '',
        });
      result('feature_drift', 'income', 'psi', drifted ? 4 : 0.1, 'nan');
      result('feature_drift', 'income', 'location', drifted ? 2.5 : 0.1, drifted ? 1e6 : 1e-4);
      result('feature_drift', "o'brien", 'location', 0.1, 1e-4);
      result('null_rate', 'income', 'rate', 0.02, 1e-5);
      result('new_category', 'region', 'rate', 0.01, 1e-5);
      result('performance', '', 'auc', 0.8, 'nan');
      result('performance', '', 'cost', 1200, 'nan');
      const place = { model, version: '1', minute: from, computed_at: text(from * 1000) };
      // of 80 labelled answers 30 + 40 right, 4 + 6 wrong; half of them in one segment
      const sums = [30, 4, 6, 40, 80, 24, 12, 80, 8, 2, 80, 160, 400];
      minutes.push({ ...place, predictions: 100, labelled: 80 });
      outcomes.push({ ...place, attribute: '', segment: '', answered: 100, labelled: 80, sums, ...SCORED });
      outcomes.push({ ...place, attribute: 'channel', segment: 'web', answered: 50, labelled: 40, sums });
      const estimate = { baseline: 'b', rule: 'estimate', kind: 'estimate' };
      measures.push({ ...place, ...estimate, sums: [100, 12, 3, 40, 5, 1] });
      calls.push({ ...place, calls: 100, failed: 2, codes: { timeout: 2 }, latencies: { 100: 90, 200: 8 } });
    }
  }
  await database.insert('windows', windows);
  await database.insert('check_results', results);
  await database.insert('performance_1m', minutes);
  await database.insert('outcomes_1m', outcomes);
  await database.insert('measures_1m', measures);
  await database.insert('service_1m', calls);
  await database.insert(
    'monitoring',
    MODELS.map((model) => ({ model, said_at: text(START), state: 'JUDGING', armed: 9 })),
  );
  await database.insert('dead_letters', [
    {
      topic: 'http',
      partition: 1,
      offset: 1,
      kind: 'prediction',
      model: '',
      received_at: text(START + HOUR),
      code: 'not_json',
      message: 'no',
      raw: '{',
      batch: 1,
      replayed_at: text(0),
    },
  ]);
  const ledger = await Ledger.open({
    database,
    clock: new FakeClock(new Date(START + 13 * HOUR)),
    log: Log.silent(),
    projections: [],
  });
  await ledger.transact((now) => [incidentOpened(now), messageOwed(now), versionSeen(now), described(now)]);
}

function incidentOpened(now: Date): NewEntry {
  const window = {
    model: 'credit-default',
    version: '1',
    from: new Date(START + 12 * HOUR),
    to: new Date(START + 13 * HOUR),
    revision: 0,
  };
  const incident = openIncident(
    {
      signal: { model: 'credit-default', version: '1', check: 'feature_drift', segment: '', feature: 'income' },
      outcome: 'breach', severity: 'critical', state: 'ALERT', policy: { id: 'default', version: 1, hash: 'h', rule: 'drift' },
      statistic: 'location', value: 2.5, effect: 2.5, since: window.from, n: 100, summary: 'income moved', channels: [], retrain: false, clearAfter: 2,
    },
    window,
    { id: 'inc_1', key: 'v1:k', caseId: 'case_1', before: [] },
    now,
  ); // prettier-ignore
  return {
    action: 'incident.opened',
    actor: SYSTEM,
    at: now,
    subject: { type: 'incident', id: 'inc_1' },
    data: { incident: incidentJson(incident), reason: 'it moved' },
  };
}

function versionSeen(now: Date): NewEntry {
  const data = { model: 'credit-default', version: '1', stage: 'champion', declared: false };
  const subject = { type: 'model_version', id: 'credit-default@1' };
  return { action: 'model_version.seen', actor: SYSTEM, at: now, subject, data };
}

function described(now: Date): NewEntry {
  const data = { model: { key: 'credit-default', task: 'binary' } };
  const subject = { type: 'model', id: 'credit-default' };
  return { action: 'model.registered', actor: SYSTEM, at: now, subject, data };
}

function messageOwed(now: Date): NewEntry {
  const at = now.toISOString();
  const message: CaseMessage = {
    type: 'case', purpose: 'opened', caseId: 'case_1', seq: 1, model: 'credit-default', version: '1', owner: 'o', severity: 'critical', state: 'OPEN',
    openedAt: at, closedAt: null, since: null, summary: 's', reasons: [], total: 0, open: 0, findings: [],
    news: [], said: [], rises: false, call: null, links: { case: 'c', model: 'm' },
  }; // prettier-ignore
  return deliveryRequested(
    {
      id: 'd1',
      stream: 's',
      channel: 'default',
      destination: { id: 'console', kind: 'console', address: 'console' },
      seq: 1,
      purpose: 'opened',
      dueAt: at,
      message,
    },
    now,
  );
}

/** The rules as Grafana reads them: `$$` is a dollar. */
function alertRules(): readonly AlertRule[] {
  const text = readFileSync(join(FOLDER, 'provisioning/alerting/tidewatch.yaml'), 'utf8');
  const { groups } = parse(text.replaceAll('$$', '$')) as {
    groups: readonly { rules: readonly AlertRule[] }[];
  };
  return groups.flatMap(({ rules }) => rules);
}

describe('dashboards as files', () => {
  it.each(FILES)('%s is Classic JSON that Grafana 11 and later provision', (file) => {
    const dashboard = read(file);
    expect(dashboard).toMatchObject({
      schemaVersion: 39,
      version: 1,
      uid: expect.stringMatching(/^tidewatch-/),
      title: expect.stringMatching(/^Tidewatch: /),
    });
    expect(dashboard.tags).toContain('tidewatch');
    expect(dashboard).not.toHaveProperty('id');
    expect(dashboard.templating.list[0]).toMatchObject({
      name: 'datasource',
      type: 'datasource',
      query: 'grafana-clickhouse-datasource',
    });
    expect(new Set(UIDS).size).toBe(UIDS.length);
  });

  it.each(FILES)('%s names no data source but the variable', (file) => {
    const uids = [...raw(file).matchAll(/"datasource": \{[^}]*"uid": "([^"]*)"/g)].map((match) => match[1]);
    expect(new Set(uids)).toEqual(new Set(['-- Grafana --', '${datasource}']));
  });

  it.each(FILES)('%s has panels with title, description, unit and a place of their own', (file) => {
    const { panels } = read(file);
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    for (const panel of panels) {
      expect(panel.title.length * panel.description.length, panel.title).toBeGreaterThan(0);
      expect(panel.fieldConfig.defaults.unit, panel.title).toBeTruthy();
      expect(panel.targets.length, panel.title).toBeGreaterThan(0);
      const { x, w } = panel.gridPos;
      expect(x >= 0 && x + w <= 24, panel.title).toBe(true);
    }
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, i) => `${x + (i % w)},${y + Math.floor(i / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
  });

  it.each(FILES)('%s leads only to dashboards that are there', (file) => {
    for (const { url } of read(file).links) expect(UIDS).toContain(url.replace('/d/', ''));
  });

  it.each(FILES)('%s reads only the stable views, with every value quoted', (file) => {
    for (const { place, sql } of queriesOf(read(file))) {
      const tables = [...sql.matchAll(/\b(?:FROM|JOIN)\s+([\w.]+)/gi)].map((match) => match[1]);
      expect(
        tables.filter((table) => !table?.startsWith('v_')),
        place,
      ).toEqual([]);
      expect(sql.match(/\$\{(?!\w+:singlequote\})[^}]*\}/g), place).toBeNull();
    }
  });
});

describe('dashboards on data', () => {
  let test: TestDatabase;
  beforeAll(async () => {
    test = await openTestDatabase();
    await seed(test);
  }, 120_000);
  afterAll(async () => test?.close());

  const run = async (sql: string, values: VariableValues) => {
    const expanded = expandGrafanaSql(sql, values, TIME);
    return test.database.query<Record<string, unknown>>(expanded, { settings: { session_timezone: 'UTC' } });
  };
  const everything: VariableValues = {
    model: ['credit-default'],
    version: 'all',
    feature: 'all',
    action: 'all',
    false_alert_days: ['30'],
  };
  /** Of a variable that takes several: all, one, two, and one that tries to break out of its quotes. */
  const settings = (dashboard: Dashboard): readonly VariableValues[] =>
    ['all', ['credit-default'], MODELS, ["o'brien\\' OR 1=1 --"]].map((choice) =>
      Object.fromEntries(
        dashboard.templating.list
          .filter(({ type }) => type === 'query' || type === 'textbox')
          .map(({ name, multi }) => [
            name,
            multi ? choice : Array.isArray(choice) ? choice.slice(0, 1) : ['fraud'],
          ]),
      ),
    ) as readonly VariableValues[];

  it.each(FILES)(
    '%s: every query runs with every setting of its variables',
    async (file) => {
      const dashboard = read(file);
      for (const values of settings(dashboard))
        for (const { place, sql } of queriesOf(dashboard))
          await expect(run(sql, values), `${place} with ${JSON.stringify(values)}`).resolves.toBeInstanceOf(
            Array,
          );
    },
    120_000,
  );

  it.each(FILES)(
    '%s: panels show data, in the shape their kind needs',
    async (file) => {
      const dashboard = read(file);
      const values = { ...everything, ...(file === 'model.json' ? {} : { model: 'all' as const }) };
      for (const { title, type, targets } of dashboard.panels) {
        for (const { rawSql, refId } of targets)
          expect((await run(rawSql, values)).length, `${title} ${refId}`).toBeGreaterThan(0);
        const rows = await run(targets[0]?.rawSql ?? '', values);
        expect(targets[0], title).toMatchObject(
          OVER_TIME.has(type) ? { queryType: 'timeseries', format: 0 } : { queryType: 'table', format: 1 },
        );
        const [columns, first] = [Object.keys(rows[0] ?? {}), Object.values(rows[0] ?? {})];
        if (type !== 'table')
          expect(
            first.some((value) => typeof value === 'number'),
            title,
          ).toBe(true);
        if (OVER_TIME.has(type))
          expect([columns[0], first[0]], title).toEqual([
            'time',
            expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:/),
          ]);
      }
    },
    120_000,
  );

  it('alert rules ask for one number of the data source that is provisioned', async () => {
    const [{ uid }] = (
      parse(readFileSync(join(FOLDER, 'provisioning/datasources/clickhouse.yaml'), 'utf8')) as {
        datasources: readonly [{ uid: string }];
      }
    ).datasources;
    for (const { title, condition, data } of alertRules()) {
      const [asked, over] = data;
      expect([asked.datasourceUid, over.datasourceUid, over.refId, over.model.expression], title).toEqual([
        uid,
        '__expr__',
        condition,
        asked.refId,
      ]);
      const rows = await run(asked.model.rawSql, everything);
      expect(
        rows.map((row) => Object.values(row).map((value) => typeof value)),
        title,
      ).toEqual([['number']]);
    }
    expect(alertRules().length).toBe(4);
  });

  it('marks incidents as regions with text and tags', async () => {
    for (const file of ['fleet.json', 'model.json']) {
      const annotation = read(file).annotations.list.find(({ target }) => target)?.target?.rawSql ?? '';
      const rows = await run(annotation, everything);
      expect(rows).toEqual([
        {
          time: expect.stringContaining('2026-03-02 12:00'),
          timeEnd: expect.any(String),
          text: 'income moved',
          tags: 'critical,credit-default',
        },
      ]);
    }
  });

  it('draws realised and estimated metrics with their interval, and marks deployments', async () => {
    const { panels, annotations } = read('model.json');
    const valuesOf = async (title: string) => {
      const targets = panels.find((panel) => panel.title === title)?.targets ?? [];
      const rows = await Promise.all(targets.map(async ({ rawSql }) => (await run(rawSql, everything))[0]));
      return rows.map((row) => Number(row?.['value']));
    };
    const [realised, estimated, low, high] = await valuesOf('Accuracy');
    expect([realised, estimated]).toEqual([70 / 80, 0.88]);
    // Wilson, 70 of 80
    expect(low).toBeCloseTo(0.785, 3);
    expect(high).toBeCloseTo(0.9307, 3);
    expect((await valuesOf('Precision')).slice(0, 2)).toEqual([30 / 34, 1 - 5 / 40]);
    expect((await valuesOf('Recall')).slice(0, 2)).toEqual([30 / 36, 35 / 42]);
    expect((await valuesOf('Brier score'))[0]).toBe(8 / 80);
    const outcome = { ...NO_ANSWERS, labelled: 80, ...SCORED };
    const metrics = binaryMetrics(outcome);
    const metricOf = (name: string) => metrics.find(({ metric }) => metric === name)!;
    const own = ['error', 'slope', 'intercept'].map((part) => [`Calibration ${part}`, metricOf(`calibration_${part}`)] as const); // prettier-ignore
    for (const [title, { value, low, high }] of [['AUC', delongAuc(outcome)] as const, ...own]) {
      const drawn = await valuesOf(title);
      [value, low, high].forEach((expected, i) =>
        expect(drawn[i], `${title} ${i}`).toBeCloseTo(expected ?? NaN, 3),
      );
    }
    expect((await valuesOf('Calibration')).slice(0, 2)).toEqual([36 / 80, 34 / 80]);
    const tasks = "SELECT DISTINCT task FROM v_estimates_1m WHERE model = 'credit-default'";
    expect(await run(tasks, {})).toEqual([{ task: 'binary' }]);
    expect((await valuesOf('Latency'))[0]).toBeCloseTo((2 * 1.02 ** 100) / 2.02, 9);
    const deployed = annotations.list.at(-1)?.target?.rawSql ?? '';
    expect(await run(deployed, everything)).toMatchObject([
      { text: 'version 1: champion', tags: 'deployment,credit-default' },
    ]);
  });

  it('a value with a quote in it stays a value', async () => {
    const sql = 'SELECT count() AS n FROM v_check_results WHERE feature IN (${feature:singlequote})';
    expect(await run(sql, { feature: ["o'brien"] })).toEqual([{ n: 2 * HOURS }]);
    expect(await run(sql, { feature: ["x') OR 1=1 --"] })).toEqual([{ n: 0 }]);
  });

  it('shows the newest revision, and numbers that were not computed as nothing', async () => {
    expect(
      await run("SELECT count() AS n, max(labelled) AS labelled FROM v_windows WHERE model = 'fraud'", {}),
    ).toEqual([{ n: HOURS, labelled: 80 }]);
    expect(await run("SELECT DISTINCT evidence FROM v_check_results WHERE statistic = 'psi'", {})).toEqual([
      { evidence: null },
    ]);
  });

  it('refuses a macro or a variable nobody knows', () => {
    expect(() => expandGrafanaSql('SELECT $__timeGroup(a, 5)', {}, TIME)).toThrow(
      'unknown macro $__timeGroup',
    );
    expect(() => expandGrafanaSql('SELECT ${nobody:singlequote}', {}, TIME)).toThrow('unknown variable');
  });
});
