import { expect, it } from 'vitest';
import { incident } from '../../test/support/incidents.js';
import { extraCostText } from '../domain/extra-cost.js';
import { costLine } from './cost-line.js';

const since = new Date('2026-11-22T06:00:00Z');
const until = new Date('2026-11-23T18:00:00Z');
const cost = {
  currency: 'EUR',
  since,
  until,
  total: 165_514,
  low: 149_000,
  high: 182_000,
  answers: 2_515,
  labelled: 2_515,
  basis: 'REALISED' as const,
};
const about = extraCostText(cost);

it('a cost of another period, or of another finding than what leads, says which', () => {
  const errors = incident('errors');
  const leading = { incident: errors, since, until };
  expect(costLine(cost, errors, leading)).toBe(about);
  const period = '2026-11-22 06:00 to 2026-11-23 18:00 UTC';
  expect(costLine(cost, errors, { ...leading, until: new Date('2026-11-23T13:00:00Z') })).toBe(
    `${period}: ${about}`,
  );
  expect(costLine(cost, errors, { incident: incident('volume'), since, until })).toBe(
    `errors has moved, ${period}: ${about}`,
  );
  expect(costLine(cost, errors, undefined)).toBe(`errors has moved, ${period}: ${about}`);
});
