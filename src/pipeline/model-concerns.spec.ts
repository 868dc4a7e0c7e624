import { expect, it } from 'vitest';
import { Model } from '../domain/model.js';
import type { Monitoring } from '../domain/monitoring.js';
import { concernsOf } from './model-concerns.js';

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
  state: 'PARTLY',
  reason: 'nobody is told of more than notices; 4 only raise notices',
  windowsLearnt: 100,
  windowsNeeded: 48,
  armed: 0,
  learning: 0,
  uncalibratable: 0,
  expectedFalseAlerts: null,
  heldAgainst: null,
  labels: null,
};
const labels = { labels: 0, unmatched: 0, disputed: 0 };
const facts = { registered, monitoring, labels, misspelt: null, shift: null, now: at(12) };

it('a model of which only notices are raised is told of like one that is not judged', () => {
  const [unjudged] = concernsOf(facts);
  expect(unjudged).toMatchObject({
    check: 'monitoring',
    problem: expect.stringMatching(
      /^nothing of this model is told since 4 d: nobody is told of more/,
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
