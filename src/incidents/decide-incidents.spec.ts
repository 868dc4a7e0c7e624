import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CheckName } from '../domain/check-result.js';
import type { Severity, Verdict } from '../domain/incident.js';
import { SYSTEM, type LedgerEntry, type NewEntry } from '../domain/ledger-entry.js';
import { acknowledge, closeByHand, IncidentRefusal } from './acknowledge.js';
import { decideIncidents } from './decide-incidents.js';
import type { IncidentDecision } from './incident-decision.js';
import { Incidents } from './incidents.js';
import { incidentKey } from './key.js';
import { supersede } from './supersede.js';

const HOUR = 3_600_000;
const ADA = { type: 'user', id: 'ada' } as const;
const NOW = new Date('2026-11-21T12:00:00Z');

const windowAt = (hour: number, revision = 0) => ({
  model: 'm',
  version: '1',
  from: new Date((hour - 1) * HOUR),
  to: new Date(hour * HOUR),
  revision,
});

interface Said {
  readonly check?: CheckName;
  readonly feature?: string | null;
  readonly outcome?: Verdict['outcome'];
  readonly severity?: Severity;
  readonly channels?: readonly string[];
  readonly effect?: number;
  readonly value?: number | null;
}

function says({
  check = 'feature_drift',
  feature = 'age',
  outcome = 'breach',
  severity = 'warning',
  channels = ['default'],
  effect = 1,
  value = 1,
}: Said): Verdict {
  return {
    signal: { model: 'm', version: '1', check, segment: '', feature },
    outcome,
    severity: outcome === 'breach' ? severity : 'info',
    state: outcome === 'breach' ? 'ALERT' : 'OK',
    policy: { id: 'p', version: 1, hash: 'h', rule: 'r' },
    statistic: 'location',
    value,
    effect,
    since: null,
    n: 100,
    summary: `${check} of ${feature}`,
    channels: severity === 'info' ? [] : channels,
    retrain: false,
    clearAfter: 2,
  };
}

/** The ledger in small: appends, and feeds the projection what was appended, through JSON as the real one does. */
class Log {
  readonly entries: LedgerEntry[] = [];
  readonly incidents = new Incidents();

  append(entries: readonly NewEntry[]): void {
    for (const entry of entries) {
      const data = JSON.parse(JSON.stringify(entry.data)) as NewEntry['data'];
      const stored = { ...entry, data, seq: this.entries.length + 1, hash: '' };
      this.entries.push(stored);
      this.incidents.apply(stored);
    }
  }

  judge(hour: number, verdicts: readonly Verdict[], { revision = 0, now = NOW } = {}) {
    const decision = decideIncidents(this.incidents, { verdicts, window: windowAt(hour, revision) }, now);
    this.append(decision.entries);
    return saidBy(decision);
  }

  /** Another version answers from the end of this hour on. */
  replaced(hour: number) {
    const succession = { model: 'm', version: '1', reason: 'version 2 has taken over', actor: SYSTEM };
    const decision = supersede(this.incidents, { ...succession, until: windowAt(hour).to }, NOW);
    this.append(decision.entries);
    return saidBy(decision);
  }
}

function saidBy({ changes }: IncidentDecision): readonly string[] {
  return changes.map(({ kind, notify, incident }) => `${kind}${notify ? '!' : ''} ${incident.signal.check}`);
}

describe('a version that was replaced', () => {
  it('takes its incidents with it, once, told to those who heard of them', () => {
    const log = new Log();
    log.judge(1, [says({}), says({ check: 'null_rate', severity: 'info' })]);
    log.judge(2, [says({ outcome: 'clear' })]);
    expect(log.replaced(3)).toEqual(['superseded null_rate', 'superseded! feature_drift']);
    expect(log.replaced(3)).toEqual([]);
    expect(log.incidents.open()).toEqual([]);
    expect(log.incidents.list()).toMatchObject([
      { state: 'CLOSED', closeReason: 'superseded', closedAt: NOW },
      { state: 'CLOSED', closeReason: 'superseded', closedAt: NOW },
    ]);
    expect(log.entries.at(-1)).toMatchObject({
      action: 'incident.superseded',
      data: { reason: 'version 2 has taken over' },
    });
  });

  it('opens nothing again for labels that come late or rows judged again, and as usual when rows come back', () => {
    const log = new Log();
    log.judge(1, [says({})]);
    log.replaced(3);
    expect(log.judge(2, [says({})])).toEqual([]);
    expect(log.judge(1, [says({})], { revision: 1 })).toEqual([]);
    expect(log.judge(3, [says({})])).toEqual([]);
    expect(log.judge(5, [says({})])).toEqual(['reopened! feature_drift']);
    expect(log.replaced(7)).toEqual(['superseded! feature_drift']);
    expect(log.judge(40, [says({})])).toEqual(['opened! feature_drift']);
  });

  it('is not brought back by windows without rows, in which its alarms merely stand; nor is what a person closed', () => {
    const log = new Log();
    log.judge(1, [says({})]);
    expect(log.judge(2, [says({ value: null })])).toEqual([]);
    expect(log.incidents.open()).toHaveLength(1);
    log.replaced(3);
    for (const hour of [4, 40]) expect(log.judge(hour, [says({ value: null })])).toEqual([]);
    expect(log.judge(41, [says({})])).toEqual(['opened! feature_drift']);
    log.append(
      closeByHand(log.incidents, { id: log.incidents.open()[0]?.id ?? '', reason: 'r' }, ADA, NOW).entries,
    );
    for (const hour of [42, 80]) expect(log.judge(hour, [says({ value: null })])).toEqual([]);
  });

  it('leaves other versions alone', () => {
    const log = new Log();
    log.judge(1, [says({})]);
    const other = { model: 'm', version: '2', reason: 'r', until: windowAt(3).to, actor: SYSTEM };
    expect(supersede(log.incidents, other, NOW)).toEqual({ entries: [], changes: [] });
  });
});

describe('who hears of what (! = told)', () => {
  it('the life of a problem: told when it opens and when it ends', () => {
    const log = new Log();
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

  it('a notice is recorded and told to nobody, until it becomes a warning', () => {
    const log = new Log();
    expect(log.judge(1, [says({ severity: 'info' })])).toEqual(['opened feature_drift']);
    expect(log.incidents.cases()).toEqual([]);
    expect(log.judge(2, [says({ severity: 'warning' })])).toEqual(['escalated! feature_drift']);
    expect(log.incidents.cases()).toMatchObject([{ state: 'OPEN', severity: 'warning' }]);
  });

  it('a notice that ends without having been told ends without a word', () => {
    const log = new Log();
    log.judge(1, [says({ severity: 'info' })]);
    log.judge(2, [says({ outcome: 'clear' })]);
    expect(log.judge(3, [says({ outcome: 'clear' })])).toEqual(['closed feature_drift']);
  });

  it('a finding that late data take back is told to be withdrawn', () => {
    const log = new Log();
    log.judge(1, [says({})]);
    expect(log.judge(1, [says({ outcome: 'clear' })], { revision: 1 })).toEqual(['withdrawn! feature_drift']);
    expect(log.incidents.open()).toEqual([]);
  });

  it('a finding that a second window has shown outlasts a correction of the first', () => {
    const log = new Log();
    log.judge(1, [says({})]);
    log.judge(2, [says({})]);
    expect(log.judge(1, [says({ outcome: 'clear' })], { revision: 1 })).toEqual(['amended feature_drift']);
    expect(log.judge(1, [says({ outcome: 'clear' })], { revision: 1 })).toEqual([]);
    expect(log.incidents.open()).toHaveLength(1);
  });

  it('an old problem a day later is a new incident of the same key', () => {
    const log = new Log();
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
    const log = new Log();
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

it('a notice never keeps a case open that people were told of', () => {
  const log = new Log();
  log.judge(1, [says({ feature: 'age' }), says({ feature: 'income' })]);
  for (const hour of [2, 3]) log.judge(hour, [says({ feature: 'age', outcome: 'clear' })]);
  log.judge(4, [says({ feature: 'age', severity: 'info' })]);
  for (const hour of [5, 6]) log.judge(hour, [says({ feature: 'income', outcome: 'clear' })]);
  expect(log.incidents.cases()).toMatchObject([
    { state: 'CLOSED', members: [{ signal: { feature: 'income' } }] },
  ]);
  expect(log.incidents.open()).toMatchObject([{ severity: 'info', announced: false }]);
});

describe('a fault of the data explains the drift of the same feature', () => {
  const nulls = says({ check: 'null_rate', feature: 'age' });
  const drift = says({ feature: 'age' });

  it('in the same window, whatever the order; only the cause is told', () => {
    const log = new Log();
    expect(log.judge(1, [drift, nulls, says({ feature: 'income' })])).toEqual([
      'opened! null_rate',
      'opened feature_drift',
      'opened! feature_drift',
    ]);
    const [cause] = log.incidents.list({ check: 'null_rate' });
    expect(log.incidents.list({ check: 'feature_drift', feature: 'age' })).toMatchObject([
      { explainedBy: cause?.id, caseId: cause?.caseId },
    ]);
  });

  it('when the fault is found after the drift', () => {
    const log = new Log();
    log.judge(1, [drift]);
    expect(log.judge(2, [drift, nulls])).toEqual(['opened! null_rate', 'amended feature_drift']);
  });

  it('until the drift outlives it by five windows, and then it is told by itself, and so is its end', () => {
    const log = new Log();
    const fine = { ...nulls, outcome: 'clear' as const };
    log.judge(1, [nulls, drift]);
    log.judge(2, [fine, drift]);
    log.judge(3, [fine, drift]);
    for (const hour of [4, 5, 6, 7]) expect(log.judge(hour, [fine, drift])).toEqual([]);
    expect(log.judge(8, [fine, drift])).toEqual(['amended! feature_drift']);
    log.judge(9, [{ ...drift, outcome: 'clear' }]);
    expect(log.judge(10, [{ ...drift, outcome: 'clear' }])).toEqual(['closed! feature_drift']);
  });
});

describe('people', () => {
  it('take an incident on once, and are refused with a reason otherwise', () => {
    const log = new Log();
    log.judge(1, [says({})]);
    const id = log.incidents.open()[0]?.id ?? '';
    const taken = acknowledge(log.incidents, id, ADA, NOW);
    log.append(taken.entries);
    expect([taken.changes[0]?.kind, log.incidents.find(id)?.state]).toEqual(['acknowledged', 'ACKNOWLEDGED']);
    expect(() => acknowledge(log.incidents, id, ADA, NOW)).toThrow(
      expect.objectContaining({ code: 'already_acknowledged' }),
    );
    expect(() => acknowledge(log.incidents, 'inc_x', ADA, NOW)).toThrow(IncidentRefusal);
    log.append(closeByHand(log.incidents, { id, reason: 'upstream fixed it' }, ADA, NOW).entries);
    expect(() => acknowledge(log.incidents, id, ADA, NOW)).toThrow(
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
  const log = new Log();
  ['a', 'b', 'c'].forEach((feature) => log.judge(1, [says({ feature })]));
  ['a', 'b', 'c'].forEach((feature) =>
    log.append(
      closeByHand(log.incidents, { id: log.incidents.list({ feature })[0]?.id ?? '', reason: '' }, ADA, NOW)
        .entries,
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
        check: fc.constantFrom<CheckName>('feature_drift', 'null_rate'),
        feature: fc.constantFrom('age', 'income'),
        outcome: fc.constantFrom<Verdict['outcome']>('breach', 'elevated', 'clear', 'hold'),
        severity: fc.constantFrom<Severity>('info', 'warning', 'critical'),
        effect: fc.constantFrom(0.5, 1, 4),
      }),
      { selector: (one) => `${one.check}/${one.feature}` },
    ),
  });
  const run = (
    steps: readonly (typeof step extends fc.Arbitrary<infer T> ? T : never)[],
    each: (log: Log, i: number) => void,
  ) => {
    const log = new Log();
    steps.forEach(({ hour, revision, ack, verdicts }, i) => {
      const mine = log.incidents.open().find((one) => one.acknowledgedBy === null);
      if (ack && mine) log.append(acknowledge(log.incidents, mine.id, ADA, NOW).entries);
      log.judge(hour, verdicts.map(says), { revision, now: new Date(NOW.getTime() + i * HOUR) });
      each(log, i);
    });
    return log;
  };
  const many = fc.array(step, { maxLength: 40 });

  it('there is at most one open incident a key and one open case a model version', () => {
    fc.assert(
      fc.property(many, (steps) => {
        run(steps, ({ incidents }) => {
          const keys = incidents.open().map((one) => one.key);
          expect(new Set(keys).size).toBe(keys.length);
          expect(incidents.cases({ state: 'OPEN' }).length).toBeLessThanOrEqual(1);
        });
      }),
    );
  });

  it('a decision made again adds nothing', () => {
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

  it('replaying the log gives the same state', () => {
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

  it('windows that could not be computed end nothing', () => {
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
        const log = new Log();
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
