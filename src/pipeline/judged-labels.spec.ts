import { expect, it } from 'vitest';
import { countText } from '../domain/wording.js';
import { cameText, lawText, standingText } from './judged-labels.js';

const DAY = 86_400_000;
const model = { labels: { expectedWithin: 7 * DAY }, window: 3_600_000 };
const first = { from: Date.UTC(2026, 2, 9, 10), predictions: 60, labelled: 30 };

it('says up to where labels are judged, how many windows wait, and what the first waits for', () => {
  const at = Date.UTC(2026, 2, 9, 12);
  expect(standingText(model, { judgedTo: at, waiting: 0, overtaken: 0, first: null }, null)).toBe(
    'judged up to 2026-03-09 12:00 UTC',
  );
  expect(standingText(model, { judgedTo: at, waiting: 3, overtaken: 1, first }, null)).toBe(
    'judged up to 2026-03-09 12:00 UTC; 3 closed windows wait for labels, 1 of them overtaken by later ones: of that of 2026-03-09 10:00 UTC 50 % of 60 predictions have one; it is judged at 90 % or 7d after its end',
  );
  expect(standingText(model, { judgedTo: at, waiting: 40, overtaken: 0, first: { ...first, labelled: 60 } }, null)).toBe(
    'judged up to 2026-03-09 12:00 UTC; 40 closed windows are still to be judged: of that of 2026-03-09 10:00 UTC 100 % of 60 predictions have one, as many as it needs: it waits for its turn, no more for labels',
  ); // prettier-ignore
  const rhythm = { share: 0.9, least: 0.8, ripeMs: 4 * 3_600_000, lateMs: 5 * 3_600_000 };
  expect(standingText(model, { judgedTo: null, waiting: 1, overtaken: 0, first }, rhythm)).toBe(
    'no window’s labels are judged yet; 1 closed window waits for labels: of that of 2026-03-09 10:00 UTC 50 % of 60 predictions have one; it is judged at 89 % (others have 90 % in the end), where it has as many as others once it is 4 h old, or 7d after its end',
  );
});

it('says by which law labels are late, and that it stands while they are', () => {
  const rhythm = { share: 0.9, least: 0.8, ripeMs: DAY, lateMs: 2 * DAY };
  expect(lawText(rhythm, null)).toBe(
    'labels are late from an age of 3 d on: 90 % of the predictions had theirs, nearly all within 2 d',
  );
  expect(lawText(rhythm, new Date(Date.UTC(2026, 2, 9, 10)))).toMatch(
    /within 2 d; that stands as it was learnt before 2026-03-09 10:00 UTC, from when on they are late$/,
  );
});

it('says what came before a window has a label', () => {
  expect(cameText(null)).toBeNull();
  expect(cameText({ labels: 300, named: 0, isMore: false })).toBe(
    '300 labels came, and none names a prediction: is prediction_id the same in both?',
  );
  const many = countText(10_000);
  expect(cameText({ labels: 10_000, named: 0, isMore: true })).toBe(
    `more than ${many} labels came, and of ${many} of them none names a prediction: is prediction_id the same in both?`,
  );
  expect(cameText({ labels: 9, named: 9, isMore: false })).toBe(
    '9 labels came, all of windows that are not closed yet, or of rows that do not count as the model’s',
  );
  expect(cameText({ labels: 9, named: 1, isMore: false })).toMatch(
    /^9 labels came, and 1 names a prediction, all of windows/,
  );
});
