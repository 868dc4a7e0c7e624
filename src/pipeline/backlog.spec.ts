import { expect, it } from 'vitest';
import { Backlog } from './backlog.js';

const at = (seconds: number) => new Date(Date.UTC(2026, 2, 2) + 1000 * seconds);
const owed = (model: string, ...minutes: number[]) => ({ model, minutes });

it('what has waited for half a minute is said of its model, of all versions together, until it is summed', () => {
  const backlog = new Backlog();
  backlog.note([owed('m', 60, 120), owed('m', 60), owed('n', 60)], at(0));
  expect(backlog.of('m', at(29))).toBeNull();
  expect(backlog.of('m', at(130))).toBe(
    '3 minutes with rows or labels of it are stored and in no number yet, for 2 min: what is shown is a part',
  );
  expect(backlog.of('other', at(130))).toBeNull();
  backlog.note([owed('m', 60)], at(140));
  expect(backlog.of('m', at(301))).toMatch(/^1 minute with rows or labels of it is stored .*, for 5 min: /);
  expect(backlog.of('n', at(301))).toBeNull();
});

it('what waits again after it was summed waits from then on', () => {
  const backlog = new Backlog();
  backlog.note([owed('m', 60)], at(0));
  backlog.note([], at(40));
  backlog.note([owed('m', 120)], at(50));
  expect(backlog.of('m', at(60))).toBeNull();
});
