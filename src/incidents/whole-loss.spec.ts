import { expect, it } from 'vitest';
import { incident } from '../../test/support/incidents.js';
import { wholeLoss } from './whole-loss.js';

const DAY = 86_400_000;
const START = Date.parse('2026-11-10T00:00:00Z');
const day = (count: number) => new Date(START + count * DAY);
const bearer = (id: string, since: number, until: number, segment = '') => {
  const { signal } = incident(id);
  return { incident: { id, signal: { ...signal, segment } }, since: day(since), until: day(until) };
};

it('a loss is billed from where the first that shows it began to where the last was seen, so that it does not shrink when the first is over', () => {
  const [inputs, labels] = [bearer('inputs', 0, 2), bearer('labels', 0.5, 4)];
  const elsewhere = bearer('web', -3, 9, 'channel=web');
  const all = [labels, inputs, elsewhere];
  expect(wholeLoss(labels, all)).toEqual({ ...labels, since: day(0) });
  expect(wholeLoss(inputs, all)).toEqual({ ...inputs, until: day(4) });
  expect(wholeLoss(elsewhere, all)).toEqual(elsewhere);
});

it('what was over before the rest began is a loss of its own, and costs nothing of that', () => {
  const [mix, errors, loss] = [bearer('mix', 0, 1.5), bearer('errors', 2, 3), bearer('loss', 2.5, 4)];
  const all = [errors, loss, mix];
  expect(wholeLoss(errors, all)).toEqual({ ...errors, until: day(4) });
  expect(wholeLoss(mix, all)).toEqual(mix);
  // What reaches from one to the other makes them one.
  expect(wholeLoss(errors, [...all, bearer('score', 1, 2)])).toEqual({
    ...errors,
    since: day(0),
    until: day(4),
  });
});
