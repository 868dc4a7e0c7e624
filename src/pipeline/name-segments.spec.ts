import { expect, it } from 'vitest';
import { openTestDatabase } from '../../test/support/database.js';
import { says } from '../../test/support/incident-log.js';
import type { Constraint } from '../domain/constraint.js';
import type { Incident } from '../domain/incident.js';
import { Model } from '../domain/model.js';
import { segmentMeans } from '../profiles/segment-means.js';
import { nameSegments } from './name-segments.js';

type Known = Pick<Incident, 'state' | 'severity' | 'effect'>;

const HOUR = 3_600_000;
const START = Date.parse('2026-11-20T10:00:00Z');
const at = (hours: number) => new Date(START + hours * HOUR);
const QUANTILES = [80, 95, 100, 105, 120] as const;
const binned = (bins: readonly number[]) => ({
  kind: 'numeric' as const,
  rows: 100,
  n: 100,
  nulls: 0,
  missing: 0,
  mistyped: 0,
  sum: 0,
  sumSquares: 0,
  min: 80,
  max: 160,
  bins,
});
const text = (when: Date) => when.toISOString().replace('T', ' ').replace('Z', '');

it('says in which segment the drift of a feature is, once it is news, by one query a key', async () => {
  const opened = await openTestDatabase();
  try {
    const model = Model.parse({
      key: 'm',
      task: 'regression',
      segments: ['channel'],
      features: { amount: { type: 'numeric' } },
    });
    const row = (id: string, when: Date, channel: string, amount: number) => ({
      model: 'm',
      version: '1',
      prediction_id: id,
      environment: 'production',
      ts: text(when),
      value: 1,
      topic: 't',
      num: { amount },
      segment: { channel },
    });
    const rows = Array.from({ length: 240 }, (_, i) => {
      const isNow = i >= 160;
      const channel = i % 2 === 0 ? 'app' : 'web';
      const minutes = isNow ? (i % 50) / 60 : -1 - (i % 20);
      return row(`p${i}`, at(minutes), channel, isNow && channel === 'app' ? 160 : 100);
    });
    await opened.database.insert('predictions', rows);
    const window = { model: 'm', version: '1', from: at(0), to: at(1), revision: 0 };
    const stretches = { from: at(-24), until: at(0), since: at(0), to: at(1) };
    const asked = { model, version: '1', feature: 'amount', attribute: 'channel', ...stretches };
    expect(await segmentMeans(opened.database, { ...asked, score: null })).toEqual([
      { segment: 'app', rowsBefore: 80, rowsNow: 40, before: 100, now: 160 },
      { segment: 'web', rowsBefore: 80, rowsNow: 40, before: 100, now: 100 },
    ]); // prettier-ignore
    const amount = {
      kind: 'numeric' as const,
      edges: [90, 110],
      quantiles: QUANTILES,
      centre: 100,
      integer: true,
    };
    const baseline = {
      features: { amount },
      reference: { features: { amount: binned([10, 80, 10]) } },
      rules: [],
    };
    const verdict = says({ feature: 'amount' });
    const told = async (known: Known | undefined, now = [10, 40, 50], statistic = 'location') => {
      const profile = { features: { amount: binned(now) } };
      const finding = {
        due: { model, window, profile, reference: { baseline } },
        verdicts: [{ ...verdict, statistic }, says({ feature: 'age' })],
      };
      const { verdicts } = await nameSegments(
        { database: opened.database, incidents: { latest: () => known } },
        finding,
      );
      return verdicts.map(({ summary }) => summary);
    };
    expect(await told(undefined)).toEqual([
      'feature_drift of amount; mostly in channel=app',
      'feature_drift of age',
    ]);
    expect(await told({ state: 'OPEN', severity: 'warning', effect: 1 })).toEqual([
      'feature_drift of amount',
      'feature_drift of age',
    ]);
    // The values that were lost and gained are those of the app, whatever mean and spread make of it.
    expect((await told(undefined, [10, 40, 50], 'scale'))[0]).toBe(
      'feature_drift of amount; mostly in channel=app',
    );
    expect((await told(undefined, [10, 80, 10], 'shape'))[0]).toBe('feature_drift of amount');
  } finally {
    await opened.close();
  }
}, 60_000);

it('says in which segment calls are slow, or fail', async () => {
  const opened = await openTestDatabase();
  try {
    const model = Model.parse({ key: 'c', task: 'regression', segments: ['channel'] });
    const rows = Array.from({ length: 400 }, (_, i) => {
      const isNow = i >= 200;
      const channel = i % 2 === 0 ? 'app' : 'web';
      const isOff = isNow && i % 8 === 0;
      return {
        model: 'c', version: '1', prediction_id: `c${i}`, environment: 'production', value: 1, topic: 't', segment: { channel },
        ts: text(at(isNow ? (i % 50) / 60 : -1 - (i % 20))), latency_ms: isOff ? 900 : 100, status: isNow && i % 8 === 1 ? 'timeout' : 'ok',
      };
    });
    await opened.database.insert('predictions', rows);
    const window = { model: 'c', version: '1', from: at(0), to: at(1), revision: 0 };
    const rule = (part: 'slow' | 'failed'): Constraint => ({ rule: 'calls', name: `calls:${part}`, check: 'service', feature: null, statistic: part === 'slow' ? 'slow_calls' : 'failures', part, aboveMs: part === 'slow' ? 250 : null });
    const baseline = { features: {}, reference: { features: {} }, rules: [rule('slow'), rule('failed')] };
    const verdicts = ['slow_calls', 'error_rate_target', 'codes'].map((statistic) => ({ ...says({ check: 'service', feature: null }), statistic }));
    const finding = { due: { model, window, profile: { features: {} }, reference: { baseline } }, verdicts };
    const found = await nameSegments({ database: opened.database, incidents: { latest: () => undefined } }, finding);
    const [slow, failed, other] = found.verdicts.map(({ summary }) => summary);
    expect(slow).toMatch(/; mostly in channel=app$/);
    expect(failed).toMatch(/; mostly in channel=web$/);
    expect(other).not.toContain('mostly in');
  } finally {
    await opened.close();
  }
}, 60_000); // prettier-ignore
