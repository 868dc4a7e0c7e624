import { describe, expect, it } from 'vitest';
import type { IncidentState, Severity, Verdict } from '../domain/incident.js';
import type { IncidentRecord } from './incident-record.js';
import { isNewEpisode } from './episode.js';
import { openIncident } from './open-incident.js';
import { transition } from './transition.js';

const HOUR = 3_600_000;
const NOW = new Date('2026-11-21T12:00:00Z');
const EFFECT = 0.4;

const window = (hour: number, revision = 0) => ({
  model: 'm',
  version: '1',
  from: new Date((hour - 1) * HOUR),
  to: new Date(hour * HOUR),
  revision,
});

function verdict(outcome: Verdict['outcome'], severity: Severity = 'warning', effect = EFFECT): Verdict {
  return {
    signal: { model: 'm', version: '1', check: 'feature_drift', segment: '', feature: 'age' },
    outcome,
    severity,
    state: outcome === 'breach' ? 'ALERT' : 'OK',
    policy: { id: 'p', version: 1, hash: 'h', rule: 'r' },
    statistic: 'location',
    value: 1,
    effect,
    since: null,
    n: 100,
    summary: 'age has moved',
    channels: ['default'],
    retrain: false,
    clearAfter: 2,
  };
}

/** An incident that the window at hour 10 opened, in the given state; its newest word is of hour 12, revision 1. */
function incident(state: IncidentState, more: Partial<IncidentRecord> = {}): IncidentRecord {
  return {
    ...openIncident(
      verdict('breach'),
      window(10),
      { id: 'inc_a', key: 'v1:a', caseId: 'case_a', before: [] },
      NOW,
    ),
    state,
    lastWindowTo: window(12).to,
    lastRevision: 1,
    confirmed: true,
    announced: true,
    clearWindows: state === 'RECOVERING' ? 1 : 0,
    closedAt: state === 'CLOSED' ? NOW : null,
    closeReason: state === 'CLOSED' ? 'recovered' : null,
    acknowledgedBy: state === 'ACKNOWLEDGED' ? 'ada' : null,
    acknowledgedUntil: state === 'ACKNOWLEDGED' ? new Date(NOW.getTime() + HOUR) : null,
    ...more,
  };
}

type Row = readonly [
  state: IncidentState,
  outcome: Verdict['outcome'],
  hour: number,
  revision: number,
  kind: string | null,
  after: IncidentState | null,
];

describe('the table: state, verdict, window, revision → change, state', () => {
  const rows: readonly Row[] = [
    ['OPEN', 'breach', 13, 0, 'observed', 'OPEN'],
    ['OPEN', 'elevated', 13, 0, 'observed', 'OPEN'],
    ['OPEN', 'clear', 13, 0, 'recovering', 'RECOVERING'],
    ['OPEN', 'hold', 13, 0, null, null],
    ['OPEN', 'breach', 12, 1, null, null],
    ['OPEN', 'clear', 12, 1, null, null],
    ['OPEN', 'clear', 12, 0, null, null],
    ['OPEN', 'clear', 11, 5, null, null],
    ['OPEN', 'breach', 12, 2, 'observed', 'OPEN'],
    ['OPEN', 'clear', 12, 2, 'recovering', 'RECOVERING'],
    ['OPEN', 'hold', 12, 2, null, null],
    ['OPEN', 'clear', 10, 0, null, null],
    ['OPEN', 'clear', 10, 1, 'amended', 'OPEN'],
    ['OPEN', 'breach', 10, 1, null, null],
    ['OPEN', 'hold', 10, 1, null, null],
    ['ACKNOWLEDGED', 'breach', 13, 0, 'observed', 'ACKNOWLEDGED'],
    ['ACKNOWLEDGED', 'clear', 13, 0, 'recovering', 'RECOVERING'],
    ['ACKNOWLEDGED', 'hold', 13, 0, null, null],
    ['RECOVERING', 'clear', 13, 0, 'closed', 'CLOSED'],
    ['RECOVERING', 'clear', 12, 1, null, null],
    ['RECOVERING', 'clear', 12, 2, 'observed', 'RECOVERING'],
    ['RECOVERING', 'clear', 11, 9, null, null],
    ['RECOVERING', 'breach', 13, 0, 'reopened', 'OPEN'],
    ['RECOVERING', 'elevated', 13, 0, 'reopened', 'OPEN'],
    ['RECOVERING', 'breach', 12, 2, 'reopened', 'OPEN'],
    ['RECOVERING', 'hold', 13, 0, null, null],
    ['RECOVERING', 'hold', 12, 2, 'amended', 'OPEN'],
    ['RECOVERING', 'clear', 10, 1, 'amended', 'RECOVERING'],
    ['CLOSED', 'breach', 13, 0, 'reopened', 'OPEN'],
    ['CLOSED', 'breach', 12, 2, 'reopened', 'OPEN'],
    ['CLOSED', 'breach', 12, 1, null, null],
    ['CLOSED', 'breach', 11, 9, null, null],
    ['CLOSED', 'breach', 10, 9, null, null],
    ['CLOSED', 'clear', 13, 0, null, null],
    ['CLOSED', 'hold', 13, 0, null, null],
    ['CLOSED', 'elevated', 13, 0, null, null],
  ];
  it.each(rows)('%s, %s at %i r%i → %s, %s', (...row) => {
    const [state, outcome, hour, revision, kind, after] = row;
    const move = transition(incident(state), verdict(outcome), window(hour, revision), NOW);
    expect([move?.kind ?? null, move?.next.state ?? null]).toEqual([kind, after]);
  });
});

describe('severity', () => {
  const rows: readonly (readonly [IncidentState, Severity, Severity, string, Severity])[] = [
    ['OPEN', 'warning', 'critical', 'escalated', 'critical'],
    ['OPEN', 'critical', 'warning', 'observed', 'critical'],
    ['ACKNOWLEDGED', 'warning', 'critical', 'escalated', 'critical'],
    ['RECOVERING', 'warning', 'critical', 'escalated', 'critical'],
    ['RECOVERING', 'critical', 'warning', 'reopened', 'critical'],
    ['CLOSED', 'critical', 'warning', 'reopened', 'warning'],
  ];
  it.each(rows)('%s at %s, found %s → %s at %s', (state, before, found, kind, after) => {
    const move = transition(incident(state, { severity: before }), verdict('breach', found), window(13), NOW);
    expect([move?.kind, move?.next.severity]).toEqual([kind, after]);
  });

  it('a step up takes back the acknowledgement', () => {
    const move = transition(incident('ACKNOWLEDGED'), verdict('breach', 'critical'), window(13), NOW);
    expect(move?.next).toMatchObject({ state: 'OPEN', acknowledgedBy: null, acknowledgedUntil: null });
  });
});

describe('a correction of the only window that showed it', () => {
  const single = { lastWindowTo: window(10).to, lastRevision: 0, confirmed: false };
  const rows: readonly (readonly [Verdict['outcome'], number, string | null])[] = [
    ['clear', 1, 'withdrawn'],
    ['elevated', 1, 'withdrawn'],
    ['hold', 1, null],
    ['clear', 0, null],
  ];
  it.each(rows)('%s at revision %i → %s', (outcome, revision, kind) => {
    const move = transition(incident('OPEN', single), verdict(outcome), window(10, revision), NOW);
    expect(move?.kind ?? null).toBe(kind);
  });

  it('withdraws while it is recovering, too, and a further correction brings it back', () => {
    const recovering = incident('RECOVERING', { confirmed: false });
    const withdrawn = transition(recovering, verdict('clear'), window(10, 1), NOW);
    expect(withdrawn?.next).toMatchObject({ state: 'CLOSED', closeReason: 'withdrawn', closedAt: NOW });
    const single10 = transition(incident('OPEN', single), verdict('clear'), window(10, 1), NOW);
    const again = transition(single10!.next, verdict('breach'), window(10, 2), NOW);
    expect([again?.kind, again?.next.occurrences]).toEqual(['reopened', 2]);
  });

  it('amends the numbers, and lowers the severity, while nothing else has shown it', () => {
    const move = transition(
      incident('OPEN', { ...single, severity: 'critical' }),
      verdict('breach', 'warning', 0.3),
      window(10, 1),
      NOW,
    );
    expect([move?.kind, move?.next.severity, move?.next.effect]).toEqual(['amended', 'warning', 0.3]);
  });
});

describe('time', () => {
  it('an acknowledgement that ran out makes a standing problem speak up once', () => {
    const late = new Date(NOW.getTime() + 2 * HOUR);
    const move = transition(incident('ACKNOWLEDGED'), verdict('breach'), window(13), late);
    expect([move?.kind, move?.next.state]).toEqual(['escalated', 'OPEN']);
    expect(transition(move!.next, verdict('breach'), window(14), late)?.kind).toBe('observed');
  });

  it('the same problem within a day of event time is the same incident; after that a new one', () => {
    expect(isNewEpisode(incident('CLOSED'), verdict('breach'), window(36))).toBe(false);
    expect(isNewEpisode(incident('CLOSED'), verdict('breach'), window(37))).toBe(true);
    expect(isNewEpisode(incident('RECOVERING'), verdict('breach'), window(99))).toBe(false);
  });

  it('what comes back while it recovers is held by whoever acknowledged it', () => {
    const held = incident('RECOVERING', {
      acknowledgedBy: 'ada',
      acknowledgedUntil: new Date(NOW.getTime() + HOUR),
    });
    expect(transition(held, verdict('breach'), window(13), NOW)?.next.state).toBe('ACKNOWLEDGED');
  });

  it('counts clear windows across windows without data, and from the start after a breach', () => {
    let now = incident('OPEN', { clearAfter: 3 });
    const kinds = (['clear', 'hold', 'clear', 'breach', 'clear', 'clear', 'hold', 'clear'] as const).map(
      (outcome, i) => {
        const move = transition(now, { ...verdict(outcome), clearAfter: 3 }, window(13 + i), NOW);
        now = move?.next ?? now;
        return move?.kind ?? null;
      },
    );
    expect(kinds).toEqual([
      'recovering',
      null,
      'recovering',
      'reopened',
      'recovering',
      'recovering',
      null,
      'closed',
    ]);
  });
});

it('a larger effect is recorded once, not at every window', () => {
  const worse = transition(incident('OPEN'), verdict('breach', 'warning', -0.7), window(13), NOW);
  expect([worse?.kind, worse?.next.effect]).toEqual(['amended', -0.7]);
  expect(transition(worse!.next, verdict('breach', 'warning', -0.72), window(14), NOW)?.kind).toBe(
    'observed',
  );
});

it('channels that were told stay told after the policy has changed', () => {
  const move = transition(incident('CLOSED'), { ...verdict('breach'), channels: ['risk'] }, window(13), NOW);
  expect(move?.next.channels).toEqual(['default', 'risk']);
});

describe('a drift that lasts', () => {
  const lasting = (more: Partial<IncidentRecord> = {}) =>
    incident('OPEN', { since: new Date(5 * HOUR), lastWindowTo: window(345).to, ...more });

  it('is proposed as the new normal once, after more than two weeks', () => {
    expect(transition(lasting(), verdict('breach'), window(346), NOW)?.kind).toBe('observed');
    const move = transition(lasting(), verdict('breach'), window(347), NOW);
    expect(move).toMatchObject({
      kind: 'amended',
      next: {
        state: 'OPEN',
        proposal:
          'tidewatch baseline pin m --since 1970-01-01T05:00:00.000Z --until 1970-01-15T11:00:00.000Z --reason "what lasts is the new normal"',
      },
    });
    const after = move ? transition(move.next, verdict('breach'), window(348), NOW) : null;
    expect(after?.kind).toBe('observed');
  });

  it('is not where data are faulty, and starts anew when the incident comes back', () => {
    const signal = { model: 'm', version: '1', check: 'null_rate', segment: '', feature: 'age' } as const;
    expect(transition(lasting({ signal }), verdict('breach'), window(400), NOW)?.kind).toBe('observed');
    const closed = incident('CLOSED', { proposal: 'tidewatch baseline pin m' });
    expect(transition(closed, verdict('breach'), window(13), NOW)?.next.proposal).toBeUndefined();
  });
});
