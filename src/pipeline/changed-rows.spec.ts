import { expect, it } from 'vitest';
import type { LedgerEntry } from '../domain/ledger-entry.js';
import { Deliveries } from '../notify/deliveries.js';
import { Log } from '../telemetry/log.js';
import { ChangedWindows } from '../windows/changed-windows.js';
import { changedEntries, type ChangedOnTrack } from './changed-rows.js';

const NOW = new Date('2026-11-21T12:00:00Z');
const stages = {
  changedWindows: new ChangedWindows(),
  channels: { default: [{ kind: 'console' as const }] },
  deliveries: new Deliveries(),
  baseUrl: '',
  log: Log.silent(),
};
const place = { model: 'rent', version: '1' };
const at = (hour: number) => ({ from: `2026-11-20T0${hour}:00:00.000Z`, digest: `d${hour}` });
const inputs: ChangedOnTrack = { place: { ...place, track: 'inputs' }, windows: [at(3), at(4)] };
const labels: ChangedOnTrack = { place: { ...place, track: 'labels' }, windows: [at(2)] };

const told = (...found: readonly ChangedOnTrack[]) => {
  const entries = changedEntries(stages, 'window.results_changed', found, NOW);
  const messages = entries.filter(({ action }) => action === 'delivery.requested');
  return {
    tracks: entries.flatMap(({ action, data }) =>
      action === 'window.results_changed' ? [data['track']] : [],
    ),
    said: messages.map(({ data }) => (data['message'] as { readonly summary: string }).summary),
  };
};

it('what was done to judgements of a version at once is recorded by track, and told once with the tracks', () => {
  const { tracks, said } = told(inputs, labels);
  expect(tracks).toEqual(['inputs', 'labels']);
  expect(said).toEqual([
    expect.stringContaining(
      'of the judgement of 2 windows by inputs and 1 by labels of rent 1 (the first from 2026-11-20 02:00 UTC)',
    ),
  ]);
  expect(told(labels).said).toEqual([
    expect.stringContaining('of the judgement of 1 window by labels of rent 1 ('),
  ]);
  expect(told({ ...inputs, windows: [] })).toEqual({ tracks: [], said: [] });
});

it('rows that somebody wrote are told once where they show on both tracks, and again where the same track shows others', () => {
  const changedWindows = new ChangedWindows();
  const messages = (found: ChangedOnTrack, now: Date) => {
    const entries = changedEntries({ ...stages, changedWindows }, 'window.rows_changed', [found], now);
    entries.forEach((entry, i) => changedWindows.apply({ ...entry, seq: i, prev: '', hash: '' } as unknown as LedgerEntry));
    return entries.filter(({ action }) => action === 'delivery.requested').length;
  };
  const after = (ms: number) => new Date(NOW.getTime() + ms);
  expect(messages(inputs, NOW)).toBe(1);
  expect(messages(labels, after(5_000))).toBe(0);
  expect(messages({ ...inputs, windows: [at(6)] }, after(3_600_000))).toBe(1);
  expect(messages({ ...labels, windows: [at(7)] }, after(7_200_000))).toBe(1);
}); // prettier-ignore

it('what chance finds of the same windows on the other track hours later is told already, until somebody looked into it', () => {
  for (const action of ['window.rows_changed', 'window.results_changed'] as const) {
    const changedWindows = new ChangedWindows();
    let seq = 0;
    const messages = (found: readonly ChangedOnTrack[], now: Date) => {
      const entries = changedEntries({ ...stages, changedWindows }, action, found, now);
      for (const entry of entries) changedWindows.apply({ ...entry, seq: ++seq, prev: '', hash: '' } as unknown as LedgerEntry);
      return entries.filter((entry) => entry.action === 'delivery.requested').length;
    };
    const after = (hours: number) => new Date(NOW.getTime() + 3_600_000 * hours);
    const same: ChangedOnTrack = { place: labels.place, windows: inputs.windows.map((one) => ({ ...one, digest: `of labels ${one.digest}` })) };
    expect([messages([inputs], NOW), messages([same], after(5))]).toEqual([1, 0]);
    // Another deed at what is known of this track.
    expect(messages([{ ...same, windows: same.windows.map((one) => ({ ...one, digest: 'other' })) }], after(5.5))).toBe(1);
    // Both at once, where neither was known.
    expect(messages([{ ...inputs, windows: [at(6)] }, { ...labels, windows: [at(7)] }], after(6))).toBe(1);
    changedWindows.apply({ action: 'window.changes_reviewed', data: { upTo: seq, note: 'seen' }, seq: ++seq, at: after(7), actor: { type: 'key', id: 'a' } } as unknown as LedgerEntry);
    expect(messages([{ ...same, windows: same.windows.map((one) => ({ ...one, digest: 'again' })) }], after(8))).toBe(1);
  }
}); // prettier-ignore
