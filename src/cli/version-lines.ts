import { LAUNCH_QUESTIONS, type LaunchQuestion, type VersionRecord } from '../domain/version-record.js';
import { utc } from './answer.js';

/** A version as GraphQL gives it, to whoever asks for one. */
export interface ShownVersion {
  readonly version: string;
  readonly stage: string;
  readonly firstSeenAt: string | null;
  readonly knownSince: string;
  readonly announcedBy: string | null;
  readonly answersSince: string | null;
  readonly nextStages: readonly string[];
  readonly record: VersionRecord | null;
  readonly recordedAt: string | null;
  readonly recordedBy: string | null;
  readonly unanswered: readonly LaunchQuestion[];
}

/** Where a version stands and comes from, a line each. Pure. */
export function versionLines(one: ShownVersion): readonly string[] {
  const { record } = one;
  const next = one.nextStages.join(', ').toLowerCase() || 'nowhere';
  const fields = Object.entries(record ?? {}).filter(([name]) => name !== 'card');
  return [
    `${one.version} is ${one.stage.toLowerCase()} and may go to: ${next}`,
    `${begunText(one)}, ${answersText(one)}`,
    ...(record
      ? [`described ${one.recordedAt === null ? '' : utc(one.recordedAt)} by ${one.recordedBy ?? ''}`]
      : ['nobody said where it comes from']),
    ...fields.map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`),
    ...Object.entries(record?.card ?? {}).map(([question, answer]) => `${question}: ${answer}`),
    ...one.unanswered.map((question) => `unanswered, ${question}: ${LAUNCH_QUESTIONS[question]}`),
  ];
}

/** `announced 2026-11-28 10:00 UTC by ops`, or `known since …` of what nobody announced. */
export function begunText({
  announcedBy,
  knownSince,
}: Pick<ShownVersion, 'announcedBy' | 'knownSince'>): string {
  return announcedBy === null
    ? `known since ${utc(knownSince)}`
    : `announced ${utc(knownSince)} by ${announcedBy}`;
}

/** What has come of it: `no row yet`, or since when there are rows and answers. */
function answersText({ firstSeenAt, answersSince }: Pick<ShownVersion, 'firstSeenAt' | 'answersSince'>): string {
  if (firstSeenAt === null) return 'no row yet';
  const rows = `first row ${utc(firstSeenAt)}`;
  return answersSince === null ? `${rows}, has never answered for the model` : `${rows}, first answered ${utc(answersSince)}`;
} // prettier-ignore
