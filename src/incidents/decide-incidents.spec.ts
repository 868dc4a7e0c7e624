import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IncidentLog, NOW, says, windowAt } from '../../test/support/incident-log.js';
import type { CheckName } from '../domain/check-result.js';
import type { Severity, Verdict } from '../domain/incident.js';
import { acknowledge, closeByHand } from './acknowledge.js';
import { IncidentRefusal } from './incident-refusal.js';
import { decideIncidents } from './decide-incidents.js';
import { Incidents } from './incidents.js';
import { incidentKey } from './key.js';

const HOUR = 3_600_000;
const ADA = { type: 'user', id: 'ada' } as const;

describe('who hears of what (! = told)', () => {
  it('the life of a problem: told when it opens and when it ends', () => {
    const log = new IncidentLog();
    expect(log.judge(1, [says({})])).toEqual(['opened! feature_drift']);
    expect(log.judge(2, [says({})])).toEqual([]);
    expect(log.judge(3, [says({ outcome: 'hold' })])).toEqual([]);
    expect(log.judge(4, [says({ outcome: 'clear' })])).toEqual(['recovering feature_drift']);
    expect(log.judge(5, [says({ outcome: 'clear' })])).toEqual(['closed! feature_drift']);
    expect(log.judge(6, [says({})])).toEqual(['reopened! feature_drift']);
    expect(log.incidents.list()).toMatchObject([{ occurrences: 2, state: 'OPEN' }]);
    expect(log.entries.map((entry) => entry.action)).toEqual([
      'incident.opened',
      'incident.observed',
      'incident.recovering',
      'incident.closed',
      'incident.reopened',
    ]);
  });

  it('G-10: a thousand windows that show the same are one incident, opened once', () => {
    const log = new IncidentLog();
    const changes = Array.from({ length: 1000 }, (_, i) => log.judge(i + 1, [says({})])).flat();
    expect(changes.filter((one) => one.startsWith('opened'))).toEqual(['opened! feature_drift']);
    expect(log.incidents.list()).toMatchObject([{ occurrences: 1, state: 'OPEN' }]);
    expect(log.entries.filter(({ action }) => action === 'incident.opened')).toHaveLength(1);
  });

  it('a notice is recorded and told to nobody, until it becomes a warning', () => {
    const log = new IncidentLog();
    expect(log.judge(1, [says({ severity: 'info' })])).toEqual(['opened feature_drift']);
    expect(log.incidents.cases()).toEqual([]);
    expect(log.judge(2, [says({ severity: 'warning' })])).toEqual(['escalated! feature_drift']);
    expect(log.incidents.cases()).toMatchObject([{ state: 'OPEN', severity: 'warning' }]);
  });

  it('a notice that ends without having been told ends without a word', () => {
    const log = new IncidentLog();
    log.judge(1, [says({ severity: 'info' })]);
    log.judge(2, [says({ outcome: 'clear' })]);
    expect(log.judge(3, [says({ outcome: 'clear' })])).toEqual(['closed feature_drift']);
  });

  it('a finding that late data take back is told to be withdrawn', () => {
    const log = new IncidentLog();
    log.judge(1, [says({})]);
    expect(log.judge(1, [says({ outcome: 'clear' })], { revision: 1 })).toEqual(['withdrawn! feature_drift']);
    expect(log.incidents.open()).toEqual([]);
  });

  it('a finding that a second window has shown outlasts a correction of the first', () => {
    const log = new IncidentLog();
    log.judge(1, [says({})]);
    log.judge(2, [says({})]);
    expect(log.judge(1, [says({ outcome: 'clear' })], { revision: 1 })).toEqual(['amended feature_drift']);
    expect(log.judge(1, [says({ outcome: 'clear' })], { revision: 1 })).toEqual([]);
    expect(log.incidents.open()).toHaveLength(1);
  });

  it('an old problem a day later is a new incident of the same key', () => {
    const log = new IncidentLog();
    log.judge(1, [says({})]);
    log.judge(2, [says({ outcome: 'clear' })]);
    log.judge(3, [says({ outcome: 'clear' })]);
    expect(log.judge(28, [says({})])).toEqual(['opened! feature_drift']);
    const [newer, older] = log.incidents.list();
    expect(newer?.key).toBe(older?.key);
    expect(newer?.id).not.toBe(older?.id);
  });
});

describe('a case', () => {
  it('gathers what opens while something is open, and ends with the last of them', () => {
    const log = new IncidentLog();
    log.judge(1, [says({ feature: 'age' }), says({ feature: 'income', severity: 'critical' })]);
    log.judge(2, [
      says({ check: 'output_drift', feature: null }),
      says({ feature: 'age', outcome: 'clear' }),
    ]);
    expect(log.incidents.cases()).toMatchObject([
      { state: 'OPEN', severity: 'critical', members: { length: 3 } },
    ]);
    for (const hour of [3, 4, 5]) {
      log.judge(
        hour,
        [{ feature: 'age' }, { feature: 'income' }, { check: 'output_drift' as const, feature: null }].map(
          (one) => says({ ...one, outcome: 'clear' }),
        ),
      );
    }
    const [ended] = log.incidents.cases();
    expect([ended?.state, ended?.closedAt]).toEqual(['CLOSED', NOW]);
    log.judge(40, [says({ feature: 'age' })]);
    expect(log.incidents.cases({ state: 'OPEN' })[0]?.id).not.toBe(ended?.id);
  });
});

describe('what a correction shows of another week', () => {
  it('is a case of its own; what it shows of the day before belongs to the case of today', () => {
    const log = new IncidentLog();
    log.judge(300, [says({ feature: 'age' })]);
    log.judge(40, [says({ check: 'null_rate', feature: 'income' })]);
    log.judge(280, [says({ check: 'null_rate', feature: 'tenure' })]);
    log.judge(301, [says({ feature: 'region' })]);
    const members = log.incidents
      .cases({ state: 'OPEN' })
      .map((one) => one.members.map(({ signal }) => signal.feature ?? ''));
    expect(new Set(members.map((one) => one.join(' ')))).toEqual(new Set(['age tenure region', 'income']));
  });
});

describe('what begins days after all of a case was over, while its detector has not let go', () => {
  const log = new IncidentLog();
  const holding = (effect: number) => says({ check: 'segment_performance', feature: null, effect });
  for (let hour = 1; hour <= 20; hour += 1) log.judge(hour, [holding(0.5)]);
  for (let hour = 21; hour <= 91; hour += 1) log.judge(hour, [holding(0.02)]);
  const casesOf = () =>
    log.incidents
      .cases({ state: 'OPEN' })
      .map(({ members }) => members.map(({ signal: { check, feature } }) => feature ?? check));

  it('is told as a case of its own, and so is what comes a day after that', () => {
    const fault = says({ check: 'null_rate', feature: 'income', severity: 'critical' });
    expect(log.judge(92, [holding(0.02), fault])).toEqual(['opened! null_rate']);
    for (let hour = 93; hour <= 98; hour += 1) log.judge(hour, [holding(0.02), fault]);
    const other = says({ check: 'output_drift', feature: null, severity: 'critical' });
    for (let hour = 99; hour <= 140; hour += 1) log.judge(hour, [holding(0.02)]);
    expect(log.judge(141, [holding(0.02), other])).toEqual(['opened! output_drift']);
    expect(new Set(casesOf().map((one) => one.join(' ')))).toEqual(
      new Set(['segment_performance', 'income', 'output_drift']),
    );
  });

  it('is part of a case of which something is still seen, and of one that was seen until a day before', () => {
    const near = new IncidentLog();
    for (let hour = 1; hour <= 90; hour += 1) near.judge(hour, [says({ feature: 'age', effect: 0.5 })]);
    for (let hour = 91; hour <= 113; hour += 1) near.judge(hour, [says({ feature: 'age', effect: 0.02 })]);
    near.judge(114, [says({ feature: 'age', effect: 0.02 }), says({ feature: 'income' })]);
    expect(near.incidents.cases({ state: 'OPEN' })).toMatchObject([{ members: { length: 2 } }]);
  });

  it('follows from none of it: neither is drift told with a fault that was over days before', () => {
    const over = new IncidentLog();
    const nulls = (effect: number) => says({ check: 'null_rate', feature: 'age', effect });
    for (let hour = 1; hour <= 20; hour += 1) over.judge(hour, [nulls(40)]);
    for (let hour = 21; hour <= 91; hour += 1) over.judge(hour, [nulls(1)]);
    expect(over.judge(92, [nulls(1), says({ feature: 'age' })])).toEqual(['opened! feature_drift']);
    const both = new IncidentLog();
    both.judge(1, [nulls(40)]);
    expect(both.judge(2, [nulls(40), says({ feature: 'age' })])).toEqual(['opened feature_drift']);
    for (let hour = 3; hour <= 20; hour += 1) both.judge(hour, [nulls(40), says({ feature: 'age' })]);
    const told: string[] = [];
    for (let hour = 21; hour <= 60; hour += 1)
      told.push(...both.judge(hour, [nulls(1), says({ feature: 'age' })]).map((one) => `${hour} ${one}`));
    expect(told).toEqual(['46 amended! feature_drift']);
  });

  it('lasts where it is a silence, however long no window was judged', () => {
    const silent = new IncidentLog();
    silent.judge(1, [says({ check: 'freshness', feature: null })]);
    const later = [says({ check: 'freshness', feature: null }), says({ feature: 'age' })];
    silent.judge(99, later);
    expect(silent.incidents.cases({ state: 'OPEN' })).toMatchObject([{ members: { length: 2 } }]);
  });
});

it('a notice never keeps a case open that people were told of', () => {
  const log = new IncidentLog();
  log.judge(1, [says({ feature: 'age' }), says({ feature: 'income' })]);
  for (const hour of [2, 3]) log.judge(hour, [says({ feature: 'age', outcome: 'clear' })]);
  log.judge(4, [says({ feature: 'age', severity: 'info' })]);
  for (const hour of [5, 6]) log.judge(hour, [says({ feature: 'income', outcome: 'clear' })]);
  expect(log.incidents.cases()).toMatchObject([
    { state: 'CLOSED', members: [{ signal: { feature: 'income' } }] },
  ]);
  expect(log.incidents.open()).toMatchObject([{ severity: 'info', announced: false }]);
});

describe('people', () => {
  it('take an incident on once, and are refused with a reason otherwise', () => {
    const log = new IncidentLog();
    log.judge(1, [says({})]);
    const id = log.incidents.open()[0]?.id ?? '';
    const taken = acknowledge(log.incidents, id, { actor: ADA, name: 'ada' }, NOW);
    log.append(taken.entries);
    expect([taken.changes[0]?.kind, log.incidents.find(id)?.state]).toEqual(['acknowledged', 'ACKNOWLEDGED']);
    expect(() => acknowledge(log.incidents, id, { actor: ADA, name: 'ada' }, NOW)).toThrow(
      expect.objectContaining({ code: 'already_acknowledged' }),
    );
    expect(() => acknowledge(log.incidents, 'inc_x', { actor: ADA, name: 'ada' }, NOW)).toThrow(
      IncidentRefusal,
    );
    log.append(closeByHand(log.incidents, { id, reason: 'upstream fixed it' }, ADA, NOW).entries);
    expect(() => acknowledge(log.incidents, id, { actor: ADA, name: 'ada' }, NOW)).toThrow(
      expect.objectContaining({ code: 'incident_closed' }),
    );
  });
});

it('the key is about the signal alone and does not change from release to release', () => {
  // base32(sha256('["m","1","feature_drift","","age"]')) as Python's hashlib and base64 give it.
  expect(incidentKey(says({ severity: 'critical', effect: 9 }).signal)).toBe(
    'v1:4mah2myy7esktlijtswefhyo4yct54u7auku6fe5nxyxww2ft3kq',
  );
});

it('remembers only the newest closed incidents', () => {
  const incidents = new Incidents({ keepClosed: 2 });
  const log = new IncidentLog();
  ['a', 'b', 'c'].forEach((feature) => log.judge(1, [says({ feature })]));
  ['a', 'b', 'c'].forEach((feature) =>
    log.append(
      closeByHand(
        log.incidents,
        { id: log.incidents.list({ feature })[0]?.id ?? '', reason: 'known' },
        ADA,
        NOW,
      ).entries,
    ),
  );
  for (const entry of log.entries) incidents.apply(entry);
  expect(new Set(incidents.list().map((one) => one.signal.feature))).toEqual(new Set(['b', 'c']));
});

describe('for any interleaving of windows, revisions, repeats and acknowledgements', () => {
  const step = fc.record({
    hour: fc.integer({ min: 1, max: 60 }),
    revision: fc.integer({ min: 0, max: 3 }),
    ack: fc.boolean(),
    verdicts: fc.uniqueArray(
      fc.record({
        check: fc.constantFrom<CheckName>('feature_drift', 'null_rate', 'multivariate'),
        feature: fc.constantFrom('age', 'income'),
        outcome: fc.constantFrom<Verdict['outcome']>('breach', 'elevated', 'clear', 'hold'),
        severity: fc.constantFrom<Severity>('info', 'warning', 'critical'),
        effect: fc.constantFrom(0.5, 1, 4),
        value: fc.constantFrom(1, null),
        explainedBy: fc.subarray(['age', 'income']),
      }),
      { selector: (one) => `${one.check}/${one.feature}` },
    ),
  });
  const run = (
    steps: readonly (typeof step extends fc.Arbitrary<infer T> ? T : never)[],
    each: (log: IncidentLog, i: number) => void,
  ) => {
    const log = new IncidentLog();
    steps.forEach(({ hour, revision, ack, verdicts }, i) => {
      const mine = log.incidents.open().find((one) => one.acknowledgedBy === null);
      if (ack && mine)
        log.append(acknowledge(log.incidents, mine.id, { actor: ADA, name: 'ada' }, NOW).entries);
      log.judge(hour, verdicts.map(says), { revision, now: new Date(NOW.getTime() + i * HOUR) });
      each(log, i);
    });
    return log;
  };
  const many = fc.array(step, { maxLength: 40 });

  it('P1: there is at most one open incident a key', () => {
    fc.assert(
      fc.property(many, (steps) => {
        run(steps, ({ incidents }) => {
          const keys = incidents.open().map((one) => one.key);
          expect(new Set(keys).size).toBe(keys.length);
        });
      }),
    );
  });

  it('there is one open case a model version where windows of a day come in order', () => {
    fc.assert(
      fc.property(many, (steps) => {
        const ofDay = steps.map((one) => ({ ...one, hour: one.hour % 24 }));
        const inOrder = ofDay.toSorted((a, b) => a.hour - b.hour);
        run(inOrder, ({ incidents }) => {
          expect(incidents.cases({ state: 'OPEN' }).length).toBeLessThanOrEqual(1);
        });
      }),
    );
  });

  it('P2: a decision made again adds nothing', () => {
    fc.assert(
      fc.property(many, (steps) => {
        run(steps, (log, i) => {
          const { hour, revision, verdicts } = steps[i]!;
          const again = decideIncidents(
            log.incidents,
            { verdicts: verdicts.map(says), window: windowAt(hour, revision) },
            NOW,
          );
          expect(again.entries).toEqual([]);
        });
      }),
    );
  });

  it('P3: replaying the log gives the same state', () => {
    fc.assert(
      fc.property(many, (steps) => {
        const log = run(steps, () => undefined);
        const replayed = new Incidents();
        for (const entry of log.entries) replayed.apply(entry);
        expect(replayed.list()).toEqual(log.incidents.list());
        expect(replayed.cases()).toEqual(log.incidents.cases());
      }),
    );
  });

  it('P10: windows that could not be computed end nothing', () => {
    fc.assert(
      fc.property(many, fc.array(fc.integer({ min: 1, max: 200 }), { maxLength: 20 }), (steps, hours) => {
        const log = run(steps, () => undefined);
        const before = log.incidents.open().map((one) => one.id);
        hours.forEach((hour) =>
          log.judge(
            hour,
            steps.flatMap((one) => one.verdicts).map((one) => says({ ...one, outcome: 'hold' })),
            { revision: 9 },
          ),
        );
        expect(log.incidents.open().map((one) => one.id)).toEqual(before);
      }),
    );
  });

  it('the incidents of a case that people see are all above info, or closed', () => {
    fc.assert(
      fc.property(many, (steps) => {
        run(steps, ({ incidents }) => {
          const quiet = incidents
            .cases({ state: 'CLOSED' })
            .flatMap((one) => one.members.filter((member) => member.announced));
          expect(quiet.every((member) => member.state === 'CLOSED')).toBe(true);
        });
      }),
    );
  });

  it('nobody is told of an end who was not told of a beginning, and everybody who was, is', () => {
    fc.assert(
      fc.property(many, (steps) => {
        const told = new Set<string>();
        const log = new IncidentLog();
        for (const { hour, revision, verdicts } of steps) {
          const decision = decideIncidents(
            log.incidents,
            { verdicts: verdicts.map(says), window: windowAt(hour, revision) },
            NOW,
          );
          for (const { kind, incident, notify } of decision.changes) {
            if (kind === 'closed' || kind === 'withdrawn') expect(notify).toBe(told.delete(incident.id));
            else if (notify) told.add(incident.id);
          }
          log.append(decision.entries);
        }
      }),
    );
  });
});
