import { z } from 'zod';
import { CHECKS } from '../domain/check-result.js';
import { CLOSE_REASONS, INCIDENT_STATES, SEVERITIES } from '../domain/incident.js';
import { readInterpretations } from '../domain/interpretation.js';
import type { Json } from '../domain/ledger-entry.js';
import { recordable } from '../domain/recordable.js';
import type { Stretch as CourseStretch } from '../domain/course-stretch.js';
import { beginCourse, type IncidentCourse } from '../domain/incident-course.js';
import { ACKNOWLEDGED_FOR_MS } from './acknowledgement.js';
import { earlierInterpretations } from './earlier-interpretations.js';
import type { IncidentRecord } from './incident-record.js';

const Time = z.iso.datetime().transform((text) => new Date(text));
/** Text where JSON has no exact number (see recordable). */
const Measured = z.union([z.number(), z.string().transform(Number), z.null()]);

const Stretch = {
  lastAt: Time,
  windows: z.number(),
  rows: z.number(),
  extents: z.array(
    z.object({
      statistic: z.string(),
      windows: z.number(),
      weight: z.number(),
      size: z.number(),
      largest: z.number().nullable(),
    }),
  ),
  /** Absent where no rows were put together, and in entries of before that was kept. */
  covers: z.object({ width: z.number(), rests: z.number() }).optional(),
};

const Turning = z.object({ ...Stretch, onset: Time, foundAt: Time, before: z.object(Stretch) });

const Course = z.object({
  ...Stretch,
  onset: Time,
  byDay: z.boolean(),
  foundAt: Time,
  seenFrom: Time.optional(),
  fading: z.object(Stretch).nullable(),
  /** Absent in entries of before changes within one incident were told apart, as the next ones are. */
  turning: Turning.nullable().default(null),
  returning: Turning.nullable().default(null),
  earlier: z
    .object({ ...Stretch, onset: Time })
    .nullable()
    .default(null),
  spells: z.array(z.object({ from: Time, to: Time, weight: z.number(), size: z.number() })),
});

/** As courses were written while they had the size of one statistic only. */
const EarlierCourse = z
  .object({
    onset: Time,
    foundAt: Time,
    lastAt: Time,
    windows: z.number(),
    statistic: z.string(),
    rows: z.number(),
    size: z.number(),
    largest: z.number().nullable(),
    spells: z.array(z.object({ from: Time, to: Time, rows: z.number(), size: z.number() })),
  })
  .transform(({ statistic, size, largest, spells, ...rest }): IncidentCourse => {
    const { windows, rows } = rest;
    return {
      ...rest,
      byDay: false,
      extents: [{ statistic, windows, weight: rows, size, largest }],
      fading: null,
      turning: null,
      returning: null,
      earlier: null,
      spells: spells.map(({ rows: weight, ...spell }) => ({ ...spell, weight })),
    };
  });

const Stored = z.object({
  id: z.string(),
  key: z.string(),
  signal: z.object({
    model: z.string(),
    version: z.string(),
    check: z.enum(CHECKS),
    segment: z.string(),
    feature: z.string().nullable(),
  }),
  state: z.enum(INCIDENT_STATES),
  severity: z.enum(SEVERITIES),
  openedAt: Time,
  closedAt: Time.nullable(),
  since: Time.nullable(),
  summary: z.string(),
  /** Absent in entries of before it was kept. */
  readAs: z.unknown().optional(),
  saidOf: Time.optional(),
  saidFrom: Time.optional(),
  statistic: z.string(),
  value: Measured,
  effect: Measured,
  n: z.number(),
  policy: z.object({ id: z.string(), version: z.number(), hash: z.string(), rule: z.string() }),
  channels: z.array(z.string()),
  retrain: z.boolean(),
  occurrences: z.number(),
  clearWindows: z.number(),
  clearAfter: z.number(),
  lastWindowTo: Time,
  lastRevision: z.number(),
  firstWindow: z.object({ to: Time, revision: z.number() }),
  /** Absent in entries of before they were kept. */
  beginnings: z.array(Time).default([]),
  confirmed: z.boolean(),
  announced: z.boolean(),
  explainedBy: z.string().nullable(),
  caseId: z.string(),
  acknowledgedBy: z.string().nullable(),
  /** Absent in entries of before it was kept. */
  acknowledgedAt: Time.nullable().optional(),
  acknowledgedUntil: Time.nullable(),
  asksSince: Time.optional(),
  backAt: Time.optional(),
  closeReason: z.enum(CLOSE_REASONS).nullable(),
  proposal: z.string().optional(),
  source: z.string().optional(),
  heard: z.record(z.string(), z.number()).optional(),
  /** Absent in entries of before courses were kept. */
  course: z.union([Course, EarlierCourse]).optional(),
});

/** An incident as the ledger holds it: the whole state, so that replaying is reading. */
export function incidentJson(incident: IncidentRecord): Json {
  const { proposal, heard, readAs = [], saidOf, saidFrom, source, asksSince, backAt, ...rest } = incident;
  return {
    ...rest,
    readAs: readAs.map((one) => ({ ...one })),
    ...(proposal === undefined ? {} : { proposal }),
    ...(heard === undefined ? {} : { heard }),
    ...(source === undefined ? {} : { source }),
    ...(saidOf === undefined ? {} : { saidOf: saidOf.toISOString() }),
    ...(saidFrom === undefined ? {} : { saidFrom: saidFrom.toISOString() }),
    ...(asksSince === undefined ? {} : { asksSince: asksSince.toISOString() }),
    ...(backAt === undefined ? {} : { backAt: backAt.toISOString() }),
    signal: { ...incident.signal },
    policy: { ...incident.policy },
    value: recordable(incident.value),
    effect: recordable(incident.effect),
    openedAt: incident.openedAt.toISOString(),
    closedAt: incident.closedAt?.toISOString() ?? null,
    since: incident.since?.toISOString() ?? null,
    lastWindowTo: incident.lastWindowTo.toISOString(),
    beginnings: incident.beginnings.map((at) => at.toISOString()),
    firstWindow: { to: incident.firstWindow.to.toISOString(), revision: incident.firstWindow.revision },
    acknowledgedAt: incident.acknowledgedAt?.toISOString() ?? null,
    acknowledgedUntil: incident.acknowledgedUntil?.toISOString() ?? null,
    course: courseJson(incident.course),
  };
}

function courseJson({
  onset,
  byDay,
  foundAt,
  seenFrom,
  fading,
  turning,
  returning,
  earlier,
  spells,
  ...shown
}: IncidentCourse): Json {
  return {
    ...stretchJson(shown),
    byDay,
    onset: onset.toISOString(),
    foundAt: foundAt.toISOString(),
    ...(seenFrom === undefined ? {} : { seenFrom: seenFrom.toISOString() }),
    fading: fading && stretchJson(fading),
    ...(turning === null ? {} : { turning: turningJson(turning) }),
    ...(returning === null ? {} : { returning: turningJson(returning) }),
    ...(earlier === null ? {} : { earlier: { ...stretchJson(earlier), onset: earlier.onset.toISOString() } }),
    spells: spells.map((spell) => ({ ...spell, from: spell.from.toISOString(), to: spell.to.toISOString() })),
  };
}

function turningJson({ onset, foundAt, before, ...shown }: NonNullable<IncidentCourse['turning']>) {
  return {
    ...stretchJson(shown),
    onset: onset.toISOString(),
    foundAt: foundAt.toISOString(),
    before: stretchJson(before),
  };
}

function stretchJson({ lastAt, windows, rows, extents, covers }: CourseStretch) {
  return {
    lastAt: lastAt.toISOString(),
    windows,
    rows,
    extents: extents.map((extent) => ({ ...extent })),
    ...(covers && { covers: { ...covers } }),
  };
}

/** Reads back what incidentJson wrote. Throws a ZodError when the ledger holds something else. */
export function readIncident(json: unknown): IncidentRecord {
  const { course, readAs, ...stored } = Stored.parse(json);
  const read = readAs === undefined ? earlierInterpretations(stored.summary) : readInterpretations(readAs);
  const rest = { ...stored, readAs: read, acknowledgedAt: stored.acknowledgedAt ?? takenOnAt(stored) };
  if (!course) return { ...rest, course: courseOf(rest) };
  const { seenFrom, fading, turning, returning, earlier, ...shown } = course;
  const started = seenFrom === undefined ? {} : { seenFrom };
  return { ...rest, course: { ...shown, ...started, fading, turning, returning, earlier } };
}

/** When it was taken on, of before that was kept. */
function takenOnAt({ acknowledgedUntil }: Pick<IncidentRecord, 'acknowledgedUntil'>): Date | null {
  return acknowledgedUntil && new Date(acknowledgedUntil.getTime() - ACKNOWLEDGED_FOR_MS);
}

/** What is known of the course of an incident of before courses were kept. */
function courseOf({
  firstWindow,
  lastWindowTo,
  since,
  statistic,
  effect,
  n,
}: Pick<
  IncidentRecord,
  'firstWindow' | 'lastWindowTo' | 'since' | 'statistic' | 'effect' | 'n'
>): IncidentCourse {
  const begun = beginCourse({
    from: firstWindow.to,
    to: firstWindow.to,
    statistic,
    effect,
    n,
    weight: n,
    since,
  });
  return { ...begun, lastAt: lastWindowTo };
}
