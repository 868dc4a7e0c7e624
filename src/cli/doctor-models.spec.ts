import { expect, it } from 'vitest';
import { overdueFinding, takenBackFindings, takenBackUnknown, unjudgedFinding } from './doctor-models.js';

it('names what a model file took back, with the entry that says so', () => {
  const what = ['owner of loans: zoe to ada, against approval ab12', 'protected of loans: without sex'];
  expect(takenBackFindings([{ key: 'loans', seq: 7, what }])).toEqual([
    {
      name: 'model files against what was agreed',
      state: 'warn',
      detail: `${what[0]} (entry 7)\n${what[1]} (entry 7)`,
      fix: 'write into the model file what was agreed to, or ask for it anew',
    },
  ]);
  expect(takenBackFindings([])).toEqual([]);
});

it('says that it is not known what was taken back where the service did not say', () => {
  expect(takenBackUnknown(new Error('the key may not read models'))).toMatchObject([
    {
      name: 'model files against what was agreed',
      state: 'FAIL',
      detail: 'not known: the key may not read models',
    },
  ]);
});

it('names the models of which nothing is judged, with the reason', () => {
  const reason = 'the reference has 40 windows, and a series needs 48 with rows: pin a longer one';
  expect(unjudgedFinding([{ key: 'rent', reason }])).toMatchObject({
    name: 'monitoring',
    state: 'warn',
    detail: `nothing is judged of rent: ${reason}`,
  });
  expect(unjudgedFinding([])).toMatchObject({ state: 'ok' });
});

it('names the models whose review of risk is overdue', () => {
  const late = { key: 'rent', reviewBy: '2026-10-01', assessor: 'ada' };
  expect(overdueFinding([late, { ...late, key: 'loans', assessor: null }])).toMatchObject({
    name: 'reviews',
    state: 'warn',
    detail:
      'rent was to be looked at again by 2026-10-01, by ada\nloans was to be looked at again by 2026-10-01',
  });
  expect(overdueFinding([])).toMatchObject({ state: 'ok' });
});
