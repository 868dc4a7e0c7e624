import { reportDueAt, type SeriousClass } from '../domain/serious-class.js';

export const REPORT_KINDS = ['INTERIM', 'FINAL'] as const;
export type ReportKind = (typeof REPORT_KINDS)[number];

/** A report that was made for an authority, by its SHA-256. */
export interface FiledReport {
  readonly kind: ReportKind;
  readonly at: Date;
  readonly by: string;
  /** Who has it. */
  readonly recipients: readonly string[];
  readonly sha256: string;
  /** The place of its entry in the ledger. */
  readonly seq: number;
}

/** A case that a person said to be a serious incident. */
export interface SeriousIncident {
  readonly caseId: string;
  readonly model: string;
  readonly class: SeriousClass;
  readonly awareAt: Date;
  readonly by: string;
  readonly reason: string;
  /** Oldest first. */
  readonly reports: readonly FiledReport[];
  /** By when the final report was promised; null while there is no interim one. */
  readonly finalDueAt: Date | null;
  /** Deadlines that people were reminded of, by `stage:hours`. */
  readonly reminded: ReadonlySet<string>;
  /** Who said that it is none after all; null while it is one. */
  readonly withdrawn: Withdrawal | null;
}

/** That somebody said that a case is no serious incident after all. */
export interface Withdrawal {
  readonly at: Date;
  readonly by: string;
  readonly reason: string;
  /** The place of its entry in the ledger. */
  readonly seq: number;
}

/** `RUNNING`: no report yet; `INTERIM`: the final one is awaited; `OVERDUE`: the report that is awaited is late; `DONE`; `WITHDRAWN`: it is no serious incident after all. */
export type ClockState = 'RUNNING' | 'INTERIM' | 'OVERDUE' | 'DONE' | 'WITHDRAWN';

/** The clock of a serious incident at an instant. */
export interface ReportingClock {
  readonly state: ClockState;
  /** The report that is awaited; null where none is. */
  readonly awaited: ReportKind | null;
  /** When that is due; where none is awaited, when the law wanted the first. */
  readonly dueAt: Date;
  /** Until then; negative where it is late; null where none is awaited. */
  readonly remainingMs: number | null;
}

/** What a clock says at `now`. */
export function clockOf(serious: SeriousIncident, now: Date): ReportingClock {
  const awaited = awaitedOf(serious);
  const lawful = reportDueAt(serious.class, serious.awareAt);
  if (serious.withdrawn) return { state: 'WITHDRAWN', awaited: null, dueAt: lawful, remainingMs: null };
  if (awaited === null) return { state: 'DONE', awaited, dueAt: lawful, remainingMs: null };
  const dueAt = awaited === 'INTERIM' ? lawful : (serious.finalDueAt ?? lawful);
  const remainingMs = dueAt.getTime() - now.getTime();
  const state = remainingMs < 0 ? 'OVERDUE' : awaited === 'INTERIM' ? 'RUNNING' : 'INTERIM';
  return { state, awaited, dueAt, remainingMs };
}

function awaitedOf({ reports }: SeriousIncident): ReportKind | null {
  if (reports.some(({ kind }) => kind === 'FINAL')) return null;
  return reports.length > 0 ? 'FINAL' : 'INTERIM';
}

const HOUR = 3_600_000;
/** Hours before a deadline at which people are reminded, and the deadline itself. */
const REMIND_AT = [168, 72, 24, 6, 0] as const;

/** A reminder that is due. */
export interface DueReminder {
  /** What tells it from the others: the report, its deadline and the hours before. */
  readonly key: string;
  readonly hours: number;
}

/**
 * The nearest reminder that is due and was not given; null where there is none. Of several that a service slept through only the nearest is given. One that would come
 * with the classification itself says nothing new and is left out.
 */
export function dueReminder(serious: SeriousIncident, now: Date): DueReminder | null {
  const { awaited, dueAt, remainingMs } = clockOf(serious, now);
  if (awaited === null || remainingMs === null) return null;
  const whole = awaited === 'INTERIM' ? dueAt.getTime() - serious.awareAt.getTime() : Infinity;
  const hours = REMIND_AT.findLast((before) => remainingMs <= before * HOUR && before * HOUR < whole);
  if (hours === undefined) return null;
  const key = `${awaited}:${dueAt.toISOString()}:${hours}`;
  return serious.reminded.has(key) ? null : { key, hours };
}
