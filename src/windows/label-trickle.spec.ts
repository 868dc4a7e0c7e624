import { expect, it } from 'vitest';
import { Model } from '../domain/model.js';
import { lcg } from '../stats/lcg.js';
import { TRACKS } from './due-windows.js';
import { WindowBook } from './window-book.js';
import type { StoredWindow } from './window.repository.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const START = Date.UTC(2026, 0, 5);
const ROWS = 20;

/** Labels of every hour come one by one over some days, some of them are corrected, and a beat follows each. */
function trickle({ days, lateDays, beats }: { days: number; lateDays: number; beats: number }) {
  const model = Model.parse({ key: 'm', task: 'regression', labels: { expectedWithin: `${lateDays}d` } });
  const random = lcg(5);
  const book = new WindowBook(MINUTE);
  /** Windows whose labels come, by beat. */
  const due: number[][] = Array.from({ length: (days + lateDays + 1) * 24 * beats }, () => []);
  const labels = new Map<number, { labelled: number; truths: number }>();
  const stored = new Map<string, StoredWindow>();
  const found = { entries: 0, inputs: 0, labels: 0 };
  const label = (from: number) => {
    const old = labels.get(from) ?? { labelled: 0, truths: 0 };
    const isCorrection = random() < 0.02;
    const labelled = old.labelled + (isCorrection ? 0 : 1);
    labels.set(from, { labelled, truths: old.truths + 1 });
    const gone = book.absent(model, '1', from);
    for (let at = gone?.from ?? 0; gone && at < gone.to; at += HOUR)
      book.load(TRACKS.flatMap((track) => stored.get(`${at} ${track}`) ?? []));
    book.recount(model, '1', [{ from, predictions: ROWS, labelled, truths: old.truths + 1 }]);
  };
  const beat = (now: number) => {
    const runs = book.due(model, '1', new Date(now), null);
    if (runs.length > 0) found.entries += 1;
    for (const { track, starts } of runs)
      for (const from of starts) {
        found[track] += 1;
        const { labelled = 0 } = labels.get(from) ?? {};
        const revision = book.nextRevision('m', '1', from);
        const judged = judgement(from, track, { labelled, revision, evaluatedAt: now });
        book.judged(judged);
        stored.set(`${from} ${track}`, judged);
      }
    book.caughtUp('m', '1');
    book.forget('m', '1');
  };
  for (let hour = 0; hour < days * 24; hour += 1) {
    const from = START + hour * HOUR;
    for (let i = 0; i < ROWS; i += 1) due[Math.ceil((hour + random() * lateDays * 24) * beats)]?.push(from);
    for (let b = 0; b < beats; b += 1) {
      const now = from + HOUR + 2 * MINUTE + (b * HOUR) / beats;
      if (b === 0) {
        book.read({ at: new Date(now), heardUntil: new Date(now) });
        const minute = (from + HOUR) / 1000;
        book.observe(model, '1', { minutes: [from / 1000, minute], sources: { a: [[minute, 9]] } });
      }
      for (const labelled of due[hour * beats + b] ?? []) label(labelled);
      beat(now);
    }
  }
  return { ...found, windows: days * 24 };
}

function judgement(
  from: number,
  track: StoredWindow['track'],
  { labelled, revision, evaluatedAt }: Pick<StoredWindow, 'labelled' | 'revision' | 'evaluatedAt'>,
): StoredWindow {
  const rest = { baseline: '', share: 1, watermark: from + HOUR, inputs: '', memory: '' };
  return {
    ...rest,
    model: 'm',
    version: '1',
    from,
    to: from + HOUR,
    revision,
    track,
    predictions: ROWS,
    labelled,
    evaluatedAt,
  };
}

it('adds one entry to the ledger in ten windows that close, or fewer, in 30 days of labels that trickle', () => {
  const { entries, windows, inputs, labels } = trickle({ days: 30, lateDays: 10, beats: 3 });
  expect(entries / windows).toBeLessThanOrEqual(1.1);
  expect(inputs).toBeGreaterThan(windows - 5);
  expect(labels / windows).toBeGreaterThan(1);
});
