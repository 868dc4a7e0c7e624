import { expect, it } from 'vitest';
import { decideIncidents } from '../../src/incidents/decide-incidents.js';
import { parseMaintenance } from '../../src/incidents/parse-maintenance.js';
import { createSilence } from '../../src/incidents/silence-commands.js';
import { Silences } from '../../src/incidents/silences.js';
import { holdBack, quietNow } from '../../src/pipeline/hold-back.js';
import { Registry } from '../../src/registry/registry.js';
import { IncidentLog, NOW, says, windowAt } from '../support/incident-log.js';

const always = (feature: string) =>
  new Silences(() =>
    parseMaintenance(
      `maintenance: [{ name: load, matchers: ["model=m", "feature=${feature}"], from: "00:00", to: "23:59", timezone: UTC }]`,
    ),
  );
const nulls = (feature: string, explainedBy: readonly string[] = []) =>
  says({ check: 'null_rate', feature, severity: 'critical', explainedBy });

/** Features that people hear of when these findings open, and those that are held back. */
function told(silences: Silences, ...verdicts: readonly ReturnType<typeof says>[]) {
  const { incidents } = new IncidentLog();
  const { changes } = decideIncidents(incidents, { verdicts, window: windowAt(1) }, NOW);
  const held = holdBack({ registry: new Registry(), silences, incidents }, changes, NOW);
  return {
    told: held.changes.flatMap(({ notify, incident }) => (notify ? [incident.signal.feature] : [])),
    held: held.entries.length,
  };
}

it('what follows from something that is held back is told by itself', () => {
  const both = [nulls('distance'), nulls('x2', ['distance'])];
  expect(told(new Silences(), ...both)).toEqual({ told: ['distance'], held: 0 });
  expect(told(always('distance'), ...both)).toEqual({ told: ['x2'], held: 1 });
  expect(told(always('x2'), ...both)).toEqual({ told: ['distance'], held: 0 });
});

it('but for what many features show together, which is nothing but its cause', () => {
  const together = says({ check: 'multivariate', feature: null, explainedBy: ['distance'] });
  expect(told(always('distance'), nulls('distance'), together)).toEqual({ told: [], held: 1 });
});

it('nor what follows from a finding that somebody silenced by itself, as a click on its case does, whatever the feature', () => {
  const silences = new Silences();
  const only = [{ check: 'null_rate', feature: 'distance', segment: '' }];
  const ends = new Date(NOW.getTime() + 3_600_000);
  const wish = {
    matchers: [{ name: 'model', value: 'm' }],
    only,
    startsAt: null,
    endsAt: ends,
    comment: 'known',
  };
  const { entry } = createSilence(wish, { actor: { type: 'key', id: '00ff' }, name: 'ada' }, NOW);
  silences.apply({ ...entry, seq: 1, hash: '' });
  const both = [nulls('distance'), nulls('x2', ['distance'])];
  expect(told(silences, ...both)).toEqual({ told: [], held: 1 });
  expect(told(silences, ...both, nulls('y'))).toEqual({ told: ['y'], held: 1 });
  // It is marked, and leads no case, as long as that lasts and it does not stand by itself.
  const log = new IncidentLog();
  log.judge(1, both);
  const follows = log.incidents.list({ feature: 'x2' })[0]!;
  const parts = { registry: new Registry(), silences, incidents: log.incidents };
  expect(quietNow(parts, NOW)(follows)).toBe('silenced');
  expect(quietNow(parts, NOW)({ ...follows, explainedBy: null })).toBeNull();
  expect(quietNow(parts, ends)(follows)).toBeNull();
});
