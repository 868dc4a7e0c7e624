import { expect, it } from 'vitest';
import { incident } from '../../test/support/incidents.js';
import type { Converted } from '../domain/interpretation.js';
import { briefingOf } from './briefing.js';
import { probableCause } from './case-cause.js';
import { caseNow } from './case-now.js';
import { UNKNOWN_SUBJECT } from './case-subject.js';

const NOW = new Date('2026-11-21T12:00:00Z');

/** What is said of a feature whose values left their range, and whose drift follows from that. */
function briefed(found: Omit<Converted, 'kind'>, proposal?: string) {
  const age = incident('age');
  const out = incident('out', { signal: { ...age.signal, check: 'out_of_range' }, explainedBy: null, ...(proposal === undefined ? {} : { proposal }) }); // prettier-ignore
  const members = [out, incident('age', { readAs: [{ kind: 'converted', ...found }], explainedBy: out.id })];
  const question = { members, importance: () => 1, quiet: () => null, now: NOW };
  return briefingOf(caseNow(question), members, UNKNOWN_SUBJECT);
}

it('names another unit, and sends nobody to pin a new reference', () => {
  const told = briefed({ change: '× 100', factor: 100, units: 'units → cents' }, 'tidewatch baseline pin x');
  expect(told.cause).toEqual({
    kind: 'unit',
    text: 'age comes in another unit: values × 100: looks like units → cents',
  });
  expect(told.next).toEqual([expect.stringMatching(/^Check the unit at the source/)]);
});

it('names a factor without a name only where the world makes none like it', () => {
  const times = (factor: number) => briefed({ change: `× ${factor}`, factor, units: null });
  expect(times(8.93).cause?.text).toBe(
    'all values of age are multiplied alike (× 8.93): another unit or scale',
  );
  expect(times(0.0012).cause?.kind).toBe('unit');
  expect(times(1.33).cause?.kind).toBe('one_feature');
});

it('decides nothing by the words of a check', () => {
  const summary = 'feature drift of age: values × 100: looks like units → cents';
  const age = incident('age', { summary });
  const question = { members: [age], importance: () => 1, quiet: () => null, now: NOW };
  expect(briefingOf(caseNow(question), [age], UNKNOWN_SUBJECT).cause).toBeNull();
});

it('says of what follows from something silenced what that is: the consequence is not the cause', () => {
  const age = incident('age');
  const answers = incident('answers', {
    signal: { ...age.signal, check: 'output_drift', feature: 'prediction.label' },
    explainedBy: age.id,
  });
  const members = [age, answers];
  const briefedWith = (quiet: (one: { id: string }) => string | null) =>
    briefingOf(caseNow({ members, importance: () => 1, quiet, now: NOW }), members, UNKNOWN_SUBJECT);
  expect(briefedWith(({ id }) => (id === age.id ? 'silenced' : null))).toMatchObject({
    title: 'the mix of answers has moved',
    cause: {
      kind: 'one_feature',
      text: 'it follows from another finding, which is silenced or in maintenance and still there: age has moved',
    },
  });
  expect(briefedWith(() => null)).toMatchObject({ title: 'age has moved' });
});

/** What is told of scores that have become another multiple, with whatever else the case has. */
function scored(...others: readonly string[]) {
  const age = incident('age');
  const of = (feature: string) =>
    incident(feature, { signal: { ...age.signal, check: 'output_drift', feature } });
  const score = {
    ...of('prediction.score'),
    readAs: [{ kind: 'converted', change: '× 0.7', factor: 0.7, units: null }] as const,
  };
  const members = [score, ...others.map(of)];
  return briefingOf(
    caseNow({ members, importance: () => 1, quiet: () => null, now: NOW }),
    members,
    UNKNOWN_SUBJECT,
  );
}

it('names calibration where scores alone are multiplied, and heads nothing with it before a label says so', () => {
  expect(scored()).toMatchObject({
    title: 'the score has moved',
    cause: { kind: 'calibration', text: expect.stringMatching(/^all scores are multiplied alike \(× 0\.7\), and neither an input nor the mix of answers has moved/) as string },
    next: [expect.stringContaining('the model and its serving code') as string],
  });
  expect(scored('prediction.label').cause).toBeNull();
}); // prettier-ignore

it('where nobody else is known to have faults of a source, nobody is counted', () => {
  const leading = incident('tenure', { signal: { ...incident('tenure').signal, check: 'null_rate' } });
  const subject = { ...UNKNOWN_SUBJECT, source: () => ({ name: 'crm', alsoAt: [] }) };
  expect(probableCause(leading, [leading], subject)?.text).toBe(
    'a fault in the data of tenure from crm, before it reaches the model',
  );
});

it('a version that takes part of the traffic beside another one differs from that, which has not drifted', () => {
  const score = incident('score');
  const subject = { ...UNKNOWN_SUBJECT, deployedAt: score.course.onset };
  const of = (besideVersion: string | null) =>
    probableCause(score, [score], { ...subject, besideVersion });
  expect(of(null)).toMatchObject({ kind: 'deployment', text: expect.stringMatching(/^it began when version \S+ answered for the first time, at \S+ \S+ UTC$/) as string });
  expect(of('6')).toMatchObject({ kind: 'deployment', text: expect.stringMatching(/took its first part of the traffic, at .* UTC, beside version 6, which answers for the model: the two differ, and what version 6 answers has not drifted/) as string });
}); // prettier-ignore
