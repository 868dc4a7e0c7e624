import { expect, it } from 'vitest';
import { incident } from '../../test/support/incidents.js';
import { alsoTouched, alsoTouchedText } from './also-touched.js';
import { UNKNOWN_SUBJECT, type CaseSubject } from './case-subject.js';

const of = (model: string) =>
  incident('age', { id: model, signal: { ...incident('age').signal, model, version: '7' } });
const SUBJECTS: Readonly<Record<string, Partial<CaseSubject>>> = {
  loans: { owner: 'risk-team', tier: 'HIGH' },
  ads: { owner: 'marketing', tier: 'LOW' },
};
const subjectOf = (one: { readonly signal: { readonly model: string } }) => ({
  ...UNKNOWN_SUBJECT,
  ...SUBJECTS[one.signal.model],
});

it('other models are told with whose they are, how much depends on them and how many decisions it touches, the highest risk first', () => {
  const told = alsoTouched([of('churn'), of('ads'), of('loans')], 'churn', subjectOf);
  expect(told.alsoTouches).toMatchObject([
    {
      model: 'loans',
      version: '7',
      owner: 'risk-team',
      tier: 'HIGH',
      since: '2026-11-21T08:00:00.000Z',
      until: '2026-11-21T10:00:00.000Z',
    },
    { model: 'ads', owner: 'marketing', tier: 'LOW' },
  ]);
  const [loans, ads] = told.alsoTouches ?? [];
  const rows = [
    { ...loans!, decisions: 377 },
    { ...ads!, decisions: 0 },
  ];
  expect(alsoTouchedText({ alsoTouches: rows })).toBe(
    'loans 7 of risk-team, high risk, 377 decisions meanwhile; ads 7 of marketing, low risk',
  );
  expect(alsoTouchedText({ alsoTouches: [...rows, ...rows, ...rows] })).toMatch(/low risk; 2 more$/);
});

it('messages of before it was said name them', () => {
  expect(alsoTouched([of('loans')], 'churn', undefined)).toEqual({});
  expect(alsoTouchedText({ alsoModels: ['ads', 'loans'] })).toBe('ads, loans');
  expect(alsoTouchedText({})).toBe('');
});
