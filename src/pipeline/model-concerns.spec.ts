import { expect, it } from 'vitest';
import { Model } from '../domain/model.js';
import type { Monitoring } from '../domain/monitoring.js';
import { concernsOf } from './model-concerns.js';
import { UNSAID } from './monitoring.repository.js';

const DAY = 86_400_000;
const at = (day: number) => new Date(day * DAY);
const model = Model.parse({ key: 'm', task: 'binary', positive: 'yes' });
const registered = {
  model,
  versions: [],
  registeredAt: at(0),
  baseline: {
    id: 'b',
    version: null,
    fingerprint: 'f',
    rows: 1,
    source: null,
    pinnedAt: at(8),
    labels: null,
    answering: null,
    replaced: false,
  },
};
const monitoring: Monitoring = {
  ...UNSAID,
  state: 'PARTLY',
  reason: 'nobody is told of more than notices; 4 only raise notices',
  windowsLearnt: 100,
  windowsNeeded: 48,
};
const labels = { labels: 0, unmatched: 0, disputed: 0 };
const facts = {
  registered,
  monitoring,
  labels,
  misspelt: null,
  late: undefined,
  behind: null,
  shift: null,
  now: at(12),
};

it('a model of which only notices are raised is told of like one that is not judged', () => {
  const [unjudged] = concernsOf(facts);
  expect(unjudged).toMatchObject({
    check: 'monitoring',
    problem: expect.stringMatching(
      /^nothing of this model is told since \d{4}-\d\d-\d\d \d\d:\d\d UTC: nobody is told of more/,
    ) as string,
    lasted: 4 * DAY,
  });
  const [judged] = concernsOf({ ...facts, monitoring: { ...monitoring, armed: 1 } });
  expect(judged).toMatchObject({ problem: null });
});

it('labels that count as negative for their spelling are told of, whatever else they match', () => {
  const misspelt = '40 labels of a day are "yes" but for case or blanks';
  expect(concernsOf({ ...facts, misspelt })[1]).toMatchObject({
    check: 'unmatched_labels',
    problem: misspelt,
  });
  const lost = { ...facts, labels: { ...labels, labels: 40, unmatched: 30 } };
  expect(concernsOf({ ...lost, misspelt })[1]?.problem).toMatch(/^40 labels .*; 30 of 40 labels of a day/);
  expect(concernsOf(facts)[1]).toMatchObject({ problem: null });
});

it('labels that nobody has looked at yet say nothing: what was told before a restart stands', () => {
  const unseen = { ...facts, labels: null };
  expect(concernsOf(unseen).map(({ check }) => check)).toEqual(['monitoring', 'event_time']);
  expect(concernsOf({ ...unseen, misspelt: 'labels are "yes" but for case' })[1]?.problem).not.toBeNull();
});

it('labels that are late are told with how many there are and how many there were, and nothing while nobody knows how long they take', () => {
  const HOUR = 3_600_000;
  const rhythm = { share: 0.9, least: 0.8, ripeMs: DAY / 2, lateMs: DAY };
  const late = { from: 8 * DAY, to: 8 * DAY + 25 * HOUR, windows: 25, predictions: 4000, labelled: 120, ageMs: 36 * HOUR, rhythm };
  const told = (one: typeof late | null) => concernsOf({ ...facts, late: one }).find(({ check }) => check === 'label_delay');
  expect(told(late)).toMatchObject({
    problem: expect.stringMatching(/^labels are late, or do not come: 3 % of 4.000 predictions of 1970-01-09 00:00 to 1970-01-10 01:00 UTC have one, 36 h or longer after; of others 90 % had, nearly all within 24 h$/) as string,
    value: 0.03, n: 4000, since: at(8), lasted: null,
  });
  const behind = 'missing from "bureau" (2 % have one of it, 60 % had)';
  expect(concernsOf({ ...facts, late, behind }).find(({ check }) => check === 'label_delay')?.problem).toMatch(/ within 24 h; missing from "bureau" /);
  expect(told(null)).toMatchObject({ problem: null });
  expect(concernsOf(facts).map(({ check }) => check)).not.toContain('label_delay');
}); // prettier-ignore
