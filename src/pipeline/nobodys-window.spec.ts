import { expect, it } from 'vitest';
import type { ModelVersion } from '../registry/version-entries.js';
import { isOnTrial, isOver } from './nobodys-window.js';

const HOUR = 3_600_000;
const at = (hour: number) => new Date(Date.UTC(2026, 4, 4, hour));

function version(stage: ModelVersion['stage'], until: Date | null): ModelVersion {
  return {
    version: '1',
    stage,
    firstSeenAt: at(0),
    declared: true,
    knownSince: at(0),
    announcedBy: null,
    answersSince: at(0),
    led: { since: null, until },
    championed: { first: 1, last: 1 },
    record: null,
  };
}

it('has the time of a retired version behind it up to the window in which it ended', () => {
  const model = { window: HOUR };
  const retired = [version('retired', new Date(at(9).getTime() + 600_000))];
  expect(isOver(retired, model, { version: '1', to: at(9) })).toBe(true);
  expect(isOver(retired, model, { version: '1', to: at(10) })).toBe(true);
  expect(isOver(retired, model, { version: '1', to: at(11) })).toBe(false);
  expect(isOver(retired, model, { version: '2', to: at(9) })).toBe(false);
  expect(isOver([version('retired', null)], model, { version: '1', to: at(9) })).toBe(false);
});

it('judges a former champion that answers beside as ever', () => {
  expect(isOver([version('challenger', at(9))], { window: HOUR }, { version: '1', to: at(9) })).toBe(false);
  expect(isOnTrial([version('challenger', at(9))], '1')).toBe(false);
});

it('takes what nobody has heard of for a version on trial', () => {
  expect(isOnTrial([version('champion', null)], '2')).toBe(true);
  expect(isOnTrial([version('shadow', null)], '1')).toBe(true);
  expect(isOnTrial([version('retired', at(9))], '1')).toBe(false);
});
