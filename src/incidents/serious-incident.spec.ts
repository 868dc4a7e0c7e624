import { expect, it } from 'vitest';
import { SYSTEM, type NewEntry } from '../domain/ledger-entry.js';
import { declareSerious, fileReport, withdrawSerious } from './serious-commands.js';
import { lateBy } from './late-report.js';
import { clockOf, dueReminder } from './serious-incident.js';
import { SeriousIncidents, SERIOUS_SUBJECT } from './serious-incidents.js';

const ADA = { actor: { type: 'user', id: 'u1' }, name: 'Ada' } as const;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Two days before clocks in Berlin go back an hour, and those in New York a week later. */
const AWARE = new Date('2026-10-23T14:30:00+02:00');
const after = (ms: number) => new Date(AWARE.getTime() + ms);

function known(...steps: readonly ((all: SeriousIncidents) => readonly NewEntry[])[]): SeriousIncidents {
  const all = new SeriousIncidents();
  let seq = 0;
  for (const step of steps) for (const entry of step(all)) all.apply({ ...entry, seq: (seq += 1), hash: '' });
  return all;
}

const declared = (what: 'HARM' | 'DEATH' | 'WIDESPREAD' | 'CRITICAL_INFRASTRUCTURE', awareAt = AWARE) =>
  (all: SeriousIncidents) =>
    declareSerious(all, { caseId: 'case_1', model: 'm', class: what, awareAt, reason: 'a home was lost' }, ADA, after(HOUR)); // prettier-ignore
const reported = (kind: 'INTERIM' | 'FINAL', at: Date, finalDueAt: Date | null = null) =>
  (all: SeriousIncidents) =>
    fileReport(all, { caseId: 'case_1', kind, recipients: ['authority', 'authority ', ''], document: {}, sha256: 'ab', finalDueAt }, ADA, at); // prettier-ignore

it.each([
  ['HARM', 15],
  ['DEATH', 10],
  ['WIDESPREAD', 2],
  ['CRITICAL_INFRASTRUCTURE', 2],
] as const)('G-16: %s is to be reported within %d days of awareness, whatever clocks on walls do', (what, days) => {
  const serious = known(declared(what)).find('case_1')!;
  const dueAt = after(days * DAY);
  expect(clockOf(serious, dueAt)).toEqual({ state: 'RUNNING', awaited: 'INTERIM', dueAt, remainingMs: 0 });
  expect(clockOf(serious, new Date(dueAt.getTime() + 1))).toMatchObject({ state: 'OVERDUE', remainingMs: -1 });
}); // prettier-ignore

it('G-16: an interim report stops the clock of the law, and the final one ends it', () => {
  const interim = known(declared('DEATH'), reported('INTERIM', after(DAY)));
  const serious = interim.find('case_1')!;
  expect(serious.reports).toMatchObject([{ kind: 'INTERIM', by: 'Ada', recipients: ['authority'], seq: 2 }]);
  expect(clockOf(serious, after(12 * DAY))).toMatchObject({ state: 'INTERIM', awaited: 'FINAL', dueAt: after(31 * DAY) }); // prettier-ignore
  expect(clockOf(serious, after(32 * DAY)).state).toBe('OVERDUE');
  const promised = known(declared('DEATH'), reported('INTERIM', after(DAY), after(5 * DAY))).find('case_1')!;
  expect(clockOf(promised, after(2 * DAY)).dueAt).toEqual(after(5 * DAY));
  const done = known(declared('DEATH'), reported('FINAL', after(DAY)));
  expect(clockOf(done.find('case_1')!, after(99 * DAY))).toEqual({ state: 'DONE', awaited: null, dueAt: after(10 * DAY), remainingMs: null }); // prettier-ignore
  expect(() => reported('FINAL', after(2 * DAY))(done)).toThrow(/the final report of case_1 is out/u);
});

it('G-16: a class that turns out worse shortens the time from the same awareness', () => {
  const all = known(declared('HARM'), declared('DEATH'));
  expect(clockOf(all.find('case_1')!, AWARE).dueAt).toEqual(after(10 * DAY));
  expect(() => declared('DEATH')(all)).toThrow(/declared so already/u);
  expect(() => declared('HARM', after(2 * HOUR))(all)).toThrow(/is still to come/u);
  const withdraw = (one: SeriousIncidents) =>
    withdrawSerious(one, { caseId: 'case_1', reason: 'another system' }, ADA, after(DAY));
  const gone = known(declared('HARM'), withdraw);
  expect(gone.list()).toMatchObject([
    { withdrawn: { by: 'Ada', reason: 'another system', at: after(DAY), seq: 2 } },
  ]);
  expect(clockOf(gone.find('case_1')!, after(99 * DAY))).toMatchObject({
    state: 'WITHDRAWN',
    awaited: null,
    remainingMs: null,
  });
  expect(dueReminder(gone.find('case_1')!, after(14.9 * DAY))).toBeNull();
  expect(() => withdraw(gone)).toThrow(/Ada withdrew it on .* \(another system\); declare it again/u);
  const again = known(declared('HARM'), withdraw, declared('HARM'));
  expect(again.inForce('case_1')).toMatchObject({ withdrawn: null });
});

it('G-16: a report is late against the deadline that holds now, and of what was reported nobody says that it was nothing', () => {
  const lateOf = (all: SeriousIncidents) => {
    const serious = all.find('case_1')!;
    return serious.reports.map((report) => lateBy(serious, report));
  };
  const filed = [declared('HARM'), reported('INTERIM', after(11 * DAY), after(20 * DAY))];
  expect(lateOf(known(...filed))).toEqual([null]);
  expect(lateOf(known(...filed, declared('DEATH')))).toEqual([DAY]);
  expect(lateOf(known(...filed, reported('FINAL', after(22 * DAY))))).toEqual([null, 2 * DAY]);
  expect(lateOf(known(declared('DEATH'), reported('FINAL', after(10 * DAY))))).toEqual([null]);
  const withdraw = () =>
    withdrawSerious(known(...filed), { caseId: 'case_1', reason: 'x' }, ADA, after(12 * DAY));
  expect(withdraw).toThrow(/a report of case_1 went to authority/u);
});

it('G-16: people are reminded 7, 3 and 1 days, 6 hours and no time before a deadline, each once', () => {
  const all = known(declared('HARM'));
  const given: number[] = [];
  for (let hour = 1; hour <= 16 * 24; hour += 1) {
    const reminder = dueReminder(all.find('case_1')!, after(hour * HOUR));
    if (!reminder) continue;
    given.push(hour);
    const entry = { action: 'serious_incident.reminded', actor: SYSTEM, at: AWARE, data: { key: reminder.key } };
    all.apply({ ...entry, subject: { type: SERIOUS_SUBJECT, id: 'case_1' }, seq: 9, hash: '' });
  }
  expect(given.map((hour) => 15 * 24 - hour)).toEqual([168, 72, 24, 6, 0]);
  const short = known(declared('WIDESPREAD')).find('case_1')!;
  expect(dueReminder(short, after(HOUR))).toBeNull();
  expect(dueReminder(short, after(DAY))?.hours).toBe(24);
  const slept = known(declared('HARM')).find('case_1')!;
  expect(dueReminder(slept, after(14.9 * DAY))?.hours).toBe(6);
}); // prettier-ignore
