import { describe, expect, it } from 'vitest';
import { orderCases, orderFleet, type FleetEntry, type Shown } from './fleet-order.js';

const model = (key: string, more: Partial<FleetEntry> = {}): FleetEntry => {
  return {
    key,
    name: '',
    owner: 'risk',
    tier: 'MEDIUM',
    open: [],
    monitoring: 'JUDGING',
    silentSince: null,
    ...more,
  };
};
const FLEET = [
  model('calm'),
  model('new', { monitoring: 'LEARNING', owner: 'Growth' }),
  model('blind', { monitoring: 'CANNOT_JUDGE' }),
  model('noisy', { open: ['warning', 'warning'] }),
  model('odd', { open: ['warning'], name: 'Churn of clients' }),
  model('stopped', { silentSince: 6 * 3_600_000 }),
  model('grave', { open: ['warning'], tier: 'HIGH' }),
  model('bad', { open: ['warning', 'critical'] }),
];

describe('the fleet', () => {
  it.each<[text: string, shown: Shown, keys: readonly string[]]>([
    ['', 'all', ['bad', 'grave', 'noisy', 'odd', 'stopped', 'blind', 'new', 'calm']],
    ['', 'wrong', ['bad', 'grave', 'noisy', 'odd', 'stopped', 'blind']],
    ['', 'learning', ['new']],
    ['', 'quiet', ['calm']],
    [' growth', 'all', ['new']],
    ['CHURN', 'all', ['odd']],
    ['a', 'quiet', ['calm']],
    ['nothing', 'all', []],
  ])('searched for "%s" shows of %s what is wrong first', (text, shown, keys) => {
    expect(orderFleet(FLEET, { text, shown }).map(({ key }) => key)).toEqual(keys);
  });
});

it('cases come with the gravest first, among those of one severity that of the riskiest model, then the newest', () => {
  const one = (model: string, severity: 'warning' | 'critical', hour: number) => ({ model, severity, openedAt: new Date(hour * 3_600_000) }); // prettier-ignore
  const cases = [one('new', 'warning', 9), one('old', 'critical', 1), one('grave', 'critical', 0), one('late', 'critical', 5)]; // prettier-ignore
  const ordered = orderCases(cases, (model) => (model === 'grave' ? 'HIGH' : 'MEDIUM'));
  expect(ordered.map(({ model }) => model)).toEqual(['grave', 'late', 'old', 'new']);
});
