import { describe, expect, it } from 'vitest';
import { IncidentLog, NOW, says, windowAt } from '../../test/support/incident-log.js';
import { SYSTEM } from '../domain/ledger-entry.js';
import { closeByHand } from './acknowledge.js';
import { supersede } from './supersede.js';

const ADA = { type: 'user', id: 'ada' } as const;

describe('a version that was replaced', () => {
  it('takes its incidents with it, once, told to those who heard of them', () => {
    const log = new IncidentLog();
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
    const log = new IncidentLog();
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
    const log = new IncidentLog();
    log.judge(1, [says({})]);
    expect(log.judge(2, [says({ value: null, stands: true })])).toEqual([]);
    expect(log.incidents.open()).toHaveLength(1);
    log.replaced(3);
    for (const hour of [4, 40]) expect(log.judge(hour, [says({ value: null, stands: true })])).toEqual([]);
    expect(log.judge(41, [says({})])).toEqual(['opened! feature_drift']);
    log.append(
      closeByHand(log.incidents, { id: log.incidents.open()[0]?.id ?? '', reason: 'r' }, ADA, NOW).entries,
    );
    for (const hour of [42, 80]) expect(log.judge(hour, [says({ value: null, stands: true })])).toEqual([]);
  });

  it('leaves other versions alone', () => {
    const log = new IncidentLog();
    log.judge(1, [says({})]);
    const other = { model: 'm', version: '2', reason: 'r', until: windowAt(3).to, actor: SYSTEM };
    expect(supersede(log.incidents, other, NOW)).toEqual({ entries: [], changes: [] });
  });
});
