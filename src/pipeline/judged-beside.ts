import type { SeriesModel } from '../checks/series.js';
import type { Incident } from '../domain/incident.js';
import { OUTPUT_NAMES } from '../domain/profile.js';
import type { Incidents } from '../incidents/incidents.js';
import { thereAtOnset } from '../incidents/labels-case.js';
import type { Beside } from '../notify/case-subject.js';
import { unwatchedText } from './unwatched.js';

/** A version with what is judged of it. */
interface Judged {
  readonly key: string;
  readonly version: string;
  /** Of its reference; undefined while that is not at hand. */
  readonly series: readonly SeriesModel[] | undefined;
  /** What it is given, by name. */
  readonly inputs: readonly string[];
  /** Length of a window, milliseconds. */
  readonly windowMs: number;
}

/** What of inputs and answers of a version is judged so that people are told of it, and what of it had moved when a finding began. Null while nobody knows what is judged. */
export function judgedBeside(incidents: Pick<Incidents, 'known'>, judged: Judged, { course }: Incident): Beside | null {
  const { key, version, series, inputs, windowMs } = judged;
  if (!series) return null;
  const beside = series.filter(isOfValues);
  const armed = new Set(beside.flatMap(({ status, feature }) => (status === 'armed' ? (feature ?? []) : [])));
  const window = { from: new Date(course.foundAt.getTime() - windowMs), to: course.foundAt };
  const there = thereAtOnset(incidents.known(key, version), { onset: course.onset, window });
  return {
    judged: inputs.filter((name) => armed.has(name)).length,
    inputs: inputs.length,
    answers: OUTPUT_NAMES.filter((name) => armed.has(name)),
    unjudged: unwatchedText(beside.filter(({ feature }) => !armed.has(feature ?? '')), windowMs),
    moved: there.filter(({ severity }) => severity !== 'info'),
    noticed: there.filter(({ severity }) => severity === 'info'),
  };
} // prettier-ignore

/** Whether a series is of the values of one input or answer, over all rows. */
function isOfValues({ check, segment }: SeriesModel): boolean {
  return (check === 'feature_drift' || check === 'output_drift') && segment === undefined;
}
