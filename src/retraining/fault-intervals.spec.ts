import { beforeEach, describe, expect, it } from 'vitest';
import {
  AGE,
  begin,
  context,
  decide,
  incident,
  now,
  record,
  state,
} from '../../test/support/retraining-ground.js';
import { beginCourse, continueCourse, type IncidentCourse } from '../domain/incident-course.js';
import type { Incident } from '../domain/incident.js';
import { approveRetraining } from './by-hand.js';
import { faultIntervals } from './fault-intervals.js';

const at = (time: string): Date => new Date(`2026-11-20T${time}Z`);
const NEXT_DAY = new Date('2026-11-21T10:00:00Z');

const shown = (from: string, to: string, since: Date | null = null) => ({
  from: at(from),
  to: at(to),
  statistic: 'null_rate',
  effect: 0.6,
  n: 500,
  since,
});

function burst(): IncidentCourse {
  return continueCourse(beginCourse(shown('10:00', '11:00')), shown('11:00', '12:00'), false);
}

function fault(changed: Partial<Incident> = {}): Incident {
  const signal = { ...AGE, check: 'null_rate' } as const;
  return incident({
    id: 'i-nulls',
    signal,
    state: 'CLOSED',
    closedAt: at('14:10'),
    course: burst(),
    ...changed,
  });
}

const span = (from: string, to: string) => ({
  from: at(from).toISOString(),
  to: at(to).toISOString(),
});

describe('faultIntervals', () => {
  it('leaves out a null burst from 10:00 to 12:00, to the minute', () => {
    expect(faultIntervals([fault()], NEXT_DAY)).toEqual([span('10:00', '12:00')]);
  });

  it('begins where the change began, and takes minutes that are faulty in part', () => {
    const course = beginCourse(shown('10:00', '11:00', at('09:47:31')));
    expect(faultIntervals([fault({ course })], NEXT_DAY)).toEqual([span('09:47', '11:00')]);
  });

  it('merges what meets and overlaps, whatever the order, and keeps what is apart', () => {
    const of = (from: string, to: string) => fault({ course: beginCourse(shown(from, to)) });
    const found = faultIntervals(
      [of('12:00', '13:00'), of('20:00', '21:00'), fault(), of('11:00', '11:30')],
      NEXT_DAY,
    );
    expect(found).toEqual([span('10:00', '13:00'), span('20:00', '21:00')]);
  });

  it('knows the pauses of a fault that comes and goes', () => {
    const course = continueCourse(burst(), shown('18:00', '19:00'), true);
    expect(faultIntervals([fault({ course })], NEXT_DAY)).toEqual([
      span('10:00', '12:00'),
      span('18:00', '19:00'),
    ]);
  });

  it('lets a fault that is there last until the request, and nothing reach beyond it', () => {
    expect(faultIntervals([fault({ state: 'OPEN', closedAt: null })], at('15:30:10'))).toEqual([
      span('10:00', '15:31'),
    ]);
    expect(faultIntervals([fault()], at('11:20'))).toEqual([span('10:00', '11:20')]);
    expect(faultIntervals([fault()], at('09:00'))).toEqual([]);
  });

  it.each<[string, Partial<Incident>]>([
    ['drift', { signal: AGE }],
    ['information', { severity: 'info' }],
    ['a volume that grew', { signal: { ...AGE, check: 'volume', feature: null }, effect: 2 }],
    ['a finding that was withdrawn', { closeReason: 'withdrawn' }],
  ])('takes %s for no fault', (_what, changed) => {
    expect(faultIntervals([fault(changed)], NEXT_DAY)).toEqual([]);
  });
});

describe('a request', () => {
  beforeEach(begin);

  it('tells the job what not to learn from, and a yes looks again', () => {
    const known = [fault()];
    decide({ known: () => known });
    expect(state.list()[0]?.message.exclude).toEqual([span('10:00', '12:00')]);

    begin();
    const risk = { impact: 'high', frequency: 'high' } as const;
    const risky = { ...context().model, risk };
    decide({ model: risky, known: () => known });
    const id = state.list()[0]?.id ?? '';
    const more = [...known, fault({ id: 'i-more', course: beginCourse(shown('20:00', '21:00')) })];
    const word = { id, note: '', actor: { type: 'user', id: 'ada' } } as const;
    const entries = record(approveRetraining(state, word, { known: more }, now));
    const wanted = [span('10:00', '12:00'), span('20:00', '21:00')];
    expect(state.find(id)?.message.exclude).toEqual(wanted);
    expect(entries.at(-1)?.data).toMatchObject({ message: { exclude: wanted } });
  });
});
