import { expect, it } from 'vitest';
import { incident } from '../../test/support/incidents.js';
import type { Converted } from '../domain/interpretation.js';
import { briefingOf } from './briefing.js';
import { probableCause } from './case-cause.js';
import { caseNow } from './case-now.js';
import { UNKNOWN_SUBJECT, type Beside } from './case-subject.js';

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
  const share = { answered: 1240, traffic: 24_800 };
  expect(probableCause(score, [score], { ...subject, besideVersion: '6', besideShare: share })?.text).toMatch(
    /took its first part of the traffic, at \S+ \S+ UTC, 5 % of requests \(1.240 of 24.800\), beside version 6, /u,
  );
}); // prettier-ignore

/** What labels show of a model of four inputs, with what else was judged then. */
function labelled(beside: Partial<Beside>, changed: Partial<ReturnType<typeof incident>['signal']> = {}) {
  const worse = incident('errors');
  const leading = { ...worse, signal: { ...worse.signal, check: 'concept_drift', feature: null, ...changed } } as const;
  const all: Beside = { judged: 4, inputs: 4, answers: ['prediction.score', 'prediction.label'], unjudged: null, moved: [], noticed: [] };
  const subject = { ...UNKNOWN_SUBJECT, beside: () => ({ ...all, ...beside }) };
  return briefingOf(caseNow({ members: [leading], importance: () => 1, quiet: () => null, now: NOW }), [leading], subject);
} // prettier-ignore

it('says of a loss beside inputs and answers that have not moved that what is right for them has changed, and what to look at', () => {
  const told = labelled({});
  expect(told.cause).toEqual({
    kind: 'concept_drift',
    text: 'all 4 inputs, the score and the mix of answers were judged then, and have not moved: what is right for the same inputs has changed (concept drift)',
  });
  expect(told.next).toEqual([expect.stringMatching(/^Look at the labels first: did their source/u)]);
  expect(labelled({ noticed: [incident('age', { severity: 'info' })] }).cause?.text).toMatch(
    /have not moved \(apart from notices: age\): what is right/u,
  );
});

it('says how far that is known, and that it cannot be told where no input is judged', () => {
  const unjudged =
    '1 of 5 series cannot be judged (feature drift of age): the reference has 12 windows with enough for it, and 48 are needed: pin a longer one';
  expect(labelled({ judged: 3, unjudged }).cause?.text).toBe(
    `3 of 4 inputs, the score and the mix of answers were judged then, and have not moved: what is right for the same inputs has probably changed (concept drift); 1 input not judged (${unjudged})`,
  );
  expect(labelled({ judged: 0, unjudged }).cause).toEqual({
    kind: 'undetermined',
    text: `either the inputs have moved or what is right for the same inputs has changed; which of them cannot be told (none of the 4 inputs is judged: ${unjudged})`,
  });
  expect(labelled({ judged: 0, inputs: 0 }).cause?.text).toMatch(/predictions come without inputs/u);
  expect(labelled({}, { check: 'segment_performance', segment: 'country=CH' }).cause?.text).toMatch(
    /has probably changed in this part of the traffic \(concept drift\); inputs are judged over all rows, not of this part alone$/u,
  );
});

it('says nothing of what is right where an input had moved, or where no label tells', () => {
  expect(labelled({ moved: [incident('age')] }).cause).toBeNull();
  expect(labelled({}, { check: 'service' }).cause).toBeNull();
});
