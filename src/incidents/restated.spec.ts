import { expect, it } from 'vitest';
import { IncidentLog, says } from '../../test/support/incident-log.js';
import { windowWords } from '../domain/incident-headline.js';
import type { Converted } from '../domain/interpretation.js';

/** 120 ± 45 km, read in one window of 61 rows as 193. */
const MILES: Converted = {
  kind: 'converted',
  change: '× 1.609',
  factor: 1.609344,
  units: 'miles → kilometres',
  level: 120 / 45,
  moves: (0.609344 * 120) / 45,
};

/** A window of 61 rows with such a mean, and what it is read as. */
function shows(km: number, readAs: readonly Converted[] = []) {
  const [first] = readAs;
  const words = first ? `values ${first.change}: looks like ${first.units}` : 'values are higher';
  return {
    ...says({ feature: 'distance', effect: 1.2 }),
    n: 61,
    summary: `feature drift of distance: ${words}; rain moved too`,
    readAs,
    effects: { location: 1.2, mean: (km - 120) / 45 },
  };
}

function after(...windows: readonly ReturnType<typeof shows>[]) {
  const log = new IncidentLog();
  windows.forEach((one, i) => log.judge(7 + i, [one]));
  return log.incidents.list()[0]!;
}

it('takes a conversion back that all windows together do not show, and says by what they were multiplied', () => {
  const told = after(shows(190, [MILES]), ...Array.from({ length: 12 }, () => shows(180)));
  expect(told.readAs).toMatchObject([{ change: '× 1.51', units: null }]);
  expect(windowWords(told)).toBe(
    'values × 1.51; rain moved too, in the windows 1970-01-01 06:00 to 1970-01-01 12:00 UTC',
  );
});

it('keeps one that they show, or are too few to deny', () => {
  expect(after(shows(190, [MILES]), ...Array.from({ length: 12 }, () => shows(193))).readAs).toEqual([MILES]);
  expect(after(shows(190, [MILES]), shows(180)).readAs).toEqual([MILES]);
});

it('says by how much values moved where their spread showed another factor than their mean fits', () => {
  const told = after(shows(190, [MILES]), ...Array.from({ length: 12 }, () => shows(160)));
  expect(told.readAs).toEqual([]);
  expect(told.summary).toMatch(/values are higher by 1\.\d+ reference standard deviations/);
});

it('says by how much values moved where a mean near zero shows no factor', () => {
  const near = { ...MILES, level: 0.1, moves: 0.06 };
  const told = after(...Array.from({ length: 4 }, () => shows(180, [near])));
  expect(told.readAs).toEqual([]);
  expect(told.summary).toContain('values are higher by 1.33 reference standard deviations; rain moved too');
});
