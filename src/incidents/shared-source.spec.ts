import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IncidentLog, NOW, says, windowAt } from '../../test/support/incident-log.js';
import type { IncidentChange } from '../domain/incident-change.js';
import type { Verdict } from '../domain/incident.js';
import { decideIncidents } from './decide-incidents.js';
import { Incidents } from './incidents.js';

const MODELS = ['churn', 'fraud', 'loans', 'risk'];

/** Nulls in a feature whose data come from the CRM, and drift of another one that follows from them. */
function shown(
  model: string,
  outcome: Verdict['outcome'],
  source: string | null = 'crm',
): readonly Verdict[] {
  const of = (verdict: Verdict): Verdict => ({
    ...verdict,
    signal: { ...verdict.signal, model },
    ...(source === null ? {} : { source }),
  });
  const follows = says({ feature: 'tenure', outcome, explainedBy: ['age'] });
  return [of(says({ check: 'null_rate', feature: 'age', outcome })), of(follows)];
}

class Fleet {
  readonly log = new IncidentLog();

  judge(model: string, hour: number, verdicts: readonly Verdict[]): readonly IncidentChange[] {
    const window = { ...windowAt(hour), model };
    const decision = decideIncidents(this.log.incidents, { verdicts, window }, NOW);
    this.log.append(decision.entries);
    return decision.changes.filter(({ notify }) => notify);
  }

  every(hour: number, models: readonly string[], outcome: Verdict['outcome']): readonly IncidentChange[] {
    return models.flatMap((model) => this.judge(model, hour, shown(model, outcome)));
  }
}

describe('several models on one source at fault', () => {
  it('P1: are one case in whatever order they are judged, and each is told once', () => {
    const orders = fc.shuffledSubarray(MODELS, { minLength: 2 });
    fc.assert(
      fc.property(orders, fc.array(orders, { minLength: 1, maxLength: 4 }), (first, hours) => {
        const fleet = new Fleet();
        const told = [
          ...fleet.every(1, first, 'breach'),
          ...hours.flatMap((models, i) => fleet.every(2 + i, models.filter((one) => first.includes(one)), 'breach')),
        ];
        expect(told.map(({ kind, incident }) => [kind, incident.signal.model])).toEqual(first.map((model) => ['opened', model]));
        expect(new Set(told.map(({ caseId }) => caseId)).size).toBe(1);
        const { incidents } = fleet.log;
        const alone = incidents.cases({ state: 'OPEN' }).filter(({ partOf }) => partOf === null);
        expect(alone).toMatchObject([{ id: told[0]?.caseId, model: first[0] }]);
        const guests = incidents.together(told[0]?.caseId ?? '').map(({ signal }) => signal.model);
        expect(new Set(guests)).toEqual(new Set(first));
        const again = new Incidents();
        for (const entry of fleet.log.entries) again.apply(entry);
        expect(again.list()).toEqual(incidents.list());
      }),
      { numRuns: 30 },
    );
  }); // prettier-ignore

  it('are told what is over while the case goes on, and those that outlive it are released as one', () => {
    const fleet = new Fleet();
    const [opened] = fleet.every(1, MODELS, 'breach');
    const [host = '', recovers = '', ...survivors] = MODELS;
    fleet.every(2, [recovers], 'clear');
    const over = fleet.every(3, [recovers], 'clear');
    expect(over).toMatchObject([{ kind: 'closed', caseId: opened?.caseId, incident: { signal: { model: recovers } } }]); // prettier-ignore
    fleet.every(4, [host], 'clear');
    expect(fleet.every(5, [host], 'clear')).toMatchObject([{ kind: 'closed', caseId: opened?.caseId }]);
    for (let hour = 5; hour < 10; hour += 1) expect(fleet.every(hour, survivors, 'breach')).toEqual([]);
    const released = fleet.every(10, survivors, 'breach');
    expect(released.map(({ kind, incident }) => [kind, incident.signal.model])).toEqual(
      survivors.map((model) => ['amended', model]),
    );
    expect(new Set(released.map(({ caseId }) => caseId)).size).toBe(1);
    expect(released[0]?.caseId).not.toBe(opened?.caseId);
    expect(fleet.every(11, survivors, 'breach')).toEqual([]);
  });

  it('are over when the last is: the end of a guest is told with the case, also after that of its host, and what is released leaves it', () => {
    const fleet = new Fleet();
    const models = MODELS.slice(0, 3);
    const [host = '', guest = '', stays = ''] = models;
    const [opened] = fleet.every(1, models, 'breach');
    fleet.every(2, [host], 'clear');
    fleet.every(3, [host], 'clear');
    fleet.every(3, [guest], 'clear');
    expect(fleet.every(4, [guest], 'clear')).toMatchObject([{ kind: 'closed', caseId: opened?.caseId }]);
    const told = fleet.log.incidents.together(opened?.caseId ?? '');
    expect(new Set(told.filter(({ state }) => state === 'CLOSED').map(({ signal }) => signal.model))).toEqual(new Set([host, guest]));
    // What is open of another model and told with a case that its own model is over with is seen in lists.
    expect(fleet.log.incidents.cases({ state: 'OPEN' })).toMatchObject([{ model: stays, partOf: null }]);
    for (let hour = 4; hour < 8; hour += 1) fleet.every(hour, [stays], 'breach');
    expect(fleet.every(8, [stays], 'breach')).toMatchObject([{ kind: 'amended', leaves: opened?.caseId, incident: { signal: { model: stays } } }]);
  }); // prettier-ignore

  it('stay apart where nobody said where the data come from, where sources differ, and a day later', () => {
    const fleet = new Fleet();
    const told = [
      ...fleet.judge('churn', 1, shown('churn', 'breach', null)),
      ...fleet.judge('fraud', 1, shown('fraud', 'breach', null)),
      ...fleet.judge('loans', 1, shown('loans', 'breach', 'crm')),
      ...fleet.judge('risk', 1, shown('risk', 'breach', 'billing')),
      ...fleet.judge('late', 27, shown('late', 'breach', 'crm')),
    ];
    expect(new Set(told.map(({ caseId }) => caseId)).size).toBe(5);
    expect(fleet.log.incidents.cases({ state: 'OPEN' }).every(({ partOf }) => partOf === null)).toBe(true);
  });
});
