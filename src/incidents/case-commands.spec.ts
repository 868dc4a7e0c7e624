import { describe, expect, it } from 'vitest';
import { IncidentLog, NOW, says } from '../../test/support/incident-log.js';
import type { NewEntry } from '../domain/ledger-entry.js';
import { acknowledgeCase, assignCase, closeCase, noteCase, reopenCase } from './case-commands.js';
import { CaseFiles } from './case-files.js';
import type { IncidentDecision } from './incident-decision.js';
import { precisionOf, responseTimes } from './response-times.js';

const ADA = { actor: { type: 'key', id: '00ff' }, name: 'ada' } as const;
const EVE = { actor: { type: 'user', id: 'eve' }, name: 'eve' } as const;

function ground() {
  const log = new IncidentLog();
  const files = new CaseFiles();
  log.judge(1, [says({ feature: 'age' }), says({ feature: 'income' }), says({ feature: 'region' })]);
  const id = log.incidents.list()[0]?.caseId ?? '';
  const take = ({ entries, changes }: IncidentDecision) => {
    log.append(entries);
    for (const entry of entries) files.apply(stored(entry));
    return changes.map(({ kind, notify }) => `${kind}${notify ? '!' : ''}`);
  };
  return { log, files, id, take, state: { incidents: log.incidents } };
}

const stored = (entry: NewEntry) => ({ ...entry, seq: 1, hash: '' });

describe('a case', () => {
  it('is taken on at once, by name, and again only by somebody else', () => {
    const { log, files, id, take, state } = ground();
    expect(take(acknowledgeCase(state, id, ADA, NOW))).toEqual([
      'acknowledged!',
      'acknowledged!',
      'acknowledged!',
    ]);
    expect(log.incidents.list().map((one) => one.state)).toEqual([
      'ACKNOWLEDGED',
      'ACKNOWLEDGED',
      'ACKNOWLEDGED',
    ]);
    expect(files.find(id)).toMatchObject({ takenOnAt: NOW });
    expect(log.incidents.list()).toMatchObject(
      Array(3).fill({ acknowledgedBy: '00ff', acknowledgedAt: NOW }),
    );
    expect(() => acknowledgeCase(state, id, ADA, NOW)).toThrow(`${id} is already acknowledged by ada`);
    expect(take(acknowledgeCase(state, id, EVE, NOW))).toHaveLength(3);
  });

  it('keeps who looks after it and what was written down', () => {
    const { files, id, take, state } = ground();
    take(assignCase(state, { id, to: 'eve' }, ADA, NOW));
    take(noteCase(state, { id, note: 'the export was restarted' }, EVE, NOW));
    expect(files.find(id)).toMatchObject({ assignee: 'eve' });
    expect(files.find(id).activity.map(({ by, what, text }) => [by, what, text])).toEqual([
      ['ada', 'assigned', 'to eve'],
      ['eve', 'noted', 'the export was restarted'],
    ]);
    expect(() => noteCase(state, { id, note: ' ' }, ADA, NOW)).toThrow('note: write 1 to 4000 characters');
    expect(() => noteCase(state, { id: 'case_x', note: 'x' }, ADA, NOW)).toThrow('there is no case case_x');
  });

  it('G-11: of a model of high risk is closed with a root cause and a reason, of others without', () => {
    const { log, files, id, take, state } = ground();
    const closing = { id, rootCause: null, note: '' };
    expect(() => closeCase(state, { ...closing, note: 'x', tier: 'HIGH' }, ADA, NOW)).toThrow('root cause');
    const caused = { id, rootCause: 'UPSTREAM_DATA', tier: 'HIGH' } as const;
    expect(() => closeCase(state, { ...caused, note: ' ' }, ADA, NOW)).toThrow('note: say why');
    expect(take(closeCase(state, { ...caused, note: 'the loader was late' }, ADA, NOW))).toEqual([
      'closed!',
      'closed!',
      'closed!',
    ]);
    expect(log.incidents.case(id)).toMatchObject({ state: 'CLOSED' });
    expect(files.find(id).rootCause).toBe('UPSTREAM_DATA');
    expect(take(closeCase(state, { ...closing, tier: 'LOW' }, ADA, NOW))).toEqual([]);
    expect(files.find(id).rootCause).toBe('UNKNOWN');
  });

  it('is opened again where a person closed it, and not what has come back by itself', () => {
    const { log, files, id, take, state } = ground();
    expect(() => reopenCase(state, { id, reason: 'wrong' }, ADA, NOW)).toThrow('nothing of');
    take(closeCase(state, { id, rootCause: 'THRESHOLD_NOISE', note: '', tier: 'LOW' }, ADA, NOW));
    expect(take(reopenCase(state, { id, reason: 'it was real' }, EVE, NOW))).toEqual(['reopened!', 'reopened!', 'reopened!']); // prettier-ignore
    expect(log.incidents.case(id)).toMatchObject({ state: 'OPEN' });
    expect(files.find(id).rootCause).toBeNull();
    expect(files.verdicts()).toEqual([]);
    expect(log.judge(2, [says({ feature: 'age', outcome: 'clear' })])).toEqual(['recovering feature_drift']);
  });

  it('counts towards how fast people are and how often a check is right', () => {
    const { log, files, id, take, state } = ground();
    const later = (minutes: number) => new Date(NOW.getTime() + minutes * 60_000);
    take(acknowledgeCase(state, id, ADA, later(10)));
    take(closeCase(state, { id, rootCause: 'EXPECTED_SEASONAL', note: '', tier: 'LOW' }, ADA, later(60)));
    const times = responseTimes(log.incidents.cases(), (one) => files.find(one));
    expect(times).toEqual({ cases: 1, detectSeconds: 3_600, acknowledgeSeconds: 600, resolveSeconds: 3_600 });
    expect(precisionOf(files.verdicts())).toEqual([
      { check: 'feature_drift', policy: 'p', told: 3, real: 0 },
    ]);
    take(closeCase(state, { id, rootCause: 'UNKNOWN', note: '', tier: 'LOW' }, ADA, later(61)));
    expect(precisionOf(files.verdicts())).toEqual([]);
  });

  it('has a root cause until it comes back; what was said of the time before still counts for its check', () => {
    const { log, files, id, take, state } = ground();
    const seen = () => [files.find(id).rootCause, files.verdicts().length];
    take(closeCase(state, { id, rootCause: 'THRESHOLD_NOISE', note: '', tier: 'LOW' }, ADA, NOW));
    expect(seen()).toEqual(['THRESHOLD_NOISE', 3]);
    log.judge(2, [says({ feature: 'age' })]);
    for (const { action, data, ...entry } of log.entries.slice(-1)) files.apply({ ...entry, action, data });
    expect(seen()).toEqual([null, 3]);
    expect(log.incidents.case(id)?.members.filter(({ state: of }) => of === 'OPEN')).toMatchObject([{ acknowledgedBy: null, occurrences: 2 }]); // prettier-ignore
    take(closeCase(state, { id, rootCause: 'MODEL_BUG', note: '', tier: 'LOW' }, ADA, NOW));
    expect(seen()).toEqual(['MODEL_BUG', 6]);
  });

  it('that cannot be judged because nothing arrives is one problem', () => {
    const log = new IncidentLog();
    log.judge(1, [says({ check: 'monitoring', feature: null }), says({ check: 'freshness', feature: null })]);
    expect(
      log.incidents.list().map(({ signal, explainedBy }) => [signal.check, explainedBy !== null]),
    ).toEqual([
      ['freshness', false],
      ['monitoring', true],
    ]);
  });
});
