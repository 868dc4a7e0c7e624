import { expect, it } from 'vitest';
import { openTestDatabase } from '../../test/support/database.js';
import { says } from '../../test/support/incident-log.js';
import type { Incident } from '../domain/incident.js';
import { Model } from '../domain/model.js';
import { segmentMeans } from '../profiles/segment-means.js';
import { nameSegments } from './name-segments.js';

type Known = Pick<Incident, 'state' | 'severity' | 'effect'>;

const HOUR = 3_600_000;
const START = Date.parse('2026-11-20T10:00:00Z');
const at = (hours: number) => new Date(START + hours * HOUR);
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
    expect(
      await segmentMeans(opened.database, { model, version: '1', feature: 'amount', attribute: 'channel', ...stretches }),
    ).toEqual([
      { segment: 'app', rowsBefore: 80, rowsNow: 40, before: 100, now: 160 },
      { segment: 'web', rowsBefore: 80, rowsNow: 40, before: 100, now: 100 },
    ]); // prettier-ignore
    const baseline = { features: { amount: { kind: 'numeric' } } };
    const verdict = says({ feature: 'amount' });
    const finding = {
      due: { model, window, reference: { baseline } },
      verdicts: [verdict, says({ feature: 'age' })],
    };
    const told = async (known: Known | undefined) => {
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
  } finally {
    await opened.close();
  }
}, 60_000);
