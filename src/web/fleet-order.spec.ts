import { describe, expect, it } from 'vitest';
import { orderFleet, type FleetEntry, type Shown } from './fleet-order.js';

const model = (key: string, more: Partial<FleetEntry> = {}): FleetEntry => {
  return { key, name: '', owner: 'risk', open: [], monitoring: 'JUDGING', ...more };
};
const FLEET = [
  model('calm'),
  model('new', { monitoring: 'LEARNING', owner: 'Growth' }),
  model('blind', { monitoring: 'CANNOT_JUDGE' }),
  model('noisy', { open: ['warning', 'warning'] }),
  model('odd', { open: ['warning'], name: 'Churn of clients' }),
  model('bad', { open: ['warning', 'critical'] }),
];

describe('the fleet', () => {
  it.each<[text: string, shown: Shown, keys: readonly string[]]>([
    ['', 'all', ['bad', 'noisy', 'odd', 'blind', 'new', 'calm']],
    ['', 'wrong', ['bad', 'noisy', 'odd', 'blind']],
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
