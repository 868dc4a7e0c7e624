import type { CheckResult, CheckState } from '../domain/check-result.js';
import { detectorStatistic, type Detector } from '../domain/detector.js';
import type { ErrorStream } from '../domain/error-stream.js';
import type { Model } from '../domain/model.js';
import type { Window } from '../domain/window.js';
import { countText, numberText } from '../domain/wording.js';
import { acceptableRate, type UsualErrors } from './acceptable-rate.js';
import { advanceDetector, type DetectorState, type ReadyDetector } from './advance-detector.js';
import { LEAST_ROWS, seriesKey } from './series.js';

/** A detector that a policy asks for, on all rows or on those of a segment. */
export interface AskedDetector {
  readonly detector: Detector;
  readonly segment: string | null;
}

/** How the memory of detectors is laid out: another number is another layout, which nobody may read as this one. */
const LAYOUT = 1;

interface StreamMemory {
  /** Labels read since the detector began or began anew, and the sum of their errors. */
  readonly labels: number;
  readonly total: number;
  readonly left: DetectorState;
}

/** What detectors remember between windows, by their series; plain JSON. */
export interface StreamsMemory {
  readonly format: typeof LAYOUT;
  readonly streams: Readonly<Record<string, StreamMemory>>;
}

export interface WatchedStreams {
  readonly results: readonly CheckResult[];
  readonly memory: StreamsMemory;
}

/** A window of labels, and what the detectors are that read it. */
export interface StreamsInput {
  readonly model: Pick<Model, 'task'>;
  readonly window: Window;
  readonly errors: Readonly<Record<string, ErrorStream>>;
  readonly detectors: readonly AskedDetector[];
  readonly before: StreamsMemory | undefined;
  /** Errors of the reference, of all rows or of a segment; null where its labels do not say. */
  readonly usual: (segment: string | null) => UsualErrors | null;
}

/** Every detector goes on from where the window before left it, label by label. Pure: a revision from the same memory gives the same. */
export function watchStreams(input: StreamsInput): WatchedStreams {
  const { model, window, errors, detectors, before, usual } = input;
  const known = before?.format === LAYOUT ? before.streams : {};
  const streams: Record<string, StreamMemory> = {};
  const results: CheckResult[] = [];
  for (const asked of detectors) {
    const { segment, detector } = asked;
    const statistic = detectorStatistic(detector);
    const key = seriesKey('concept_drift', null, statistic, segment ?? undefined);
    if (key in streams) continue;
    const stream = errors[segment ?? ''] ?? { errors: [], every: 1 };
    const about = { ...ABOUT, ...(segment === null ? {} : { segment }), statistic, n: stream.errors.length };
    const unfit = unfitFor(model, detector);
    if (unfit !== null) {
      results.push({ ...about, state: 'NOT_APPLICABLE', explanation: unfit });
      continue;
    }
    const ready = readied(detector, usual(segment));
    if (ready === null) {
      results.push({ ...about, state: 'LEARNING', explanation: UNTAUGHT });
      continue;
    }
    const found = watch(ready, stream, known[key]);
    streams[key] = found.memory;
    results.push({
      ...about,
      ...found.result,
      since: found.result.state === 'ALERT' ? window.from : null,
    });
  }
  return { results, memory: { format: LAYOUT, streams } };
}

const ABOUT = {
  check: 'concept_drift',
  feature: null,
  value: null,
  evidence: null,
  effect: null,
  since: null,
  explanation: null,
} as const;

/** Methods that read errors of 0 and 1 have no meaning where an error has no upper end. */
function unfitFor({ task }: Pick<Model, 'task'>, { kind }: Detector): string | null {
  if (task !== 'regression' || kind === 'adwin' || kind === 'page_hinkley') return null;
  return `not applicable: ${NAMES[kind]} reads errors between 0 and 1, and those of a regression have no upper end; adwin and page_hinkley read them`;
}

const UNTAUGHT = 'the reference has no labels yet that say how often answers are usually wrong';

function readied(detector: Detector, usual: UsualErrors | null): ReadyDetector | null {
  if (detector.kind !== 'e_detector') return detector;
  const rate = detector.acceptableRate ?? acceptableRate(usual);
  return rate === null ? null : { ...detector, acceptableRate: rate };
}

const NAMES: Readonly<Record<Detector['kind'], string>> = {
  adwin: 'ADWIN',
  ddm: 'DDM',
  hddm_a: 'HDDM-A',
  hddm_w: 'HDDM-W',
  page_hinkley: 'Page–Hinkley',
  e_detector: 'the mixture e-detector',
};

type Found = Pick<CheckResult, 'value' | 'effect' | 'state' | 'explanation'>;

const NOTHING_READ: Found = { value: null, effect: null, state: 'INSUFFICIENT', explanation: null };

function watch(
  detector: ReadyDetector,
  { errors, every }: ErrorStream,
  before: StreamMemory | undefined,
): { readonly memory: StreamMemory; readonly result: Found } {
  const { state: left, alarms, warned } = advanceDetector(detector, before?.left ?? null, errors);
  const memory = remembered(before, left, { errors, restart: alarms.at(-1) });
  if (errors.length === 0) return { memory, result: NOTHING_READ };
  const [alarm] = alarms;
  const state = stateOf(alarm, memory, warned);
  const value = sum(errors) / errors.length;
  const usual = before && before.labels > 0 ? before.total / before.labels : null;
  const said = saidOf(NAMES[detector.kind], state, `label ${countText((alarm ?? 0) + 1)} of the window's ${countText(errors.length)}`);
  const sizes = `mean error ${numberText(value)}${usual === null ? '' : `, ${numberText(usual)} before`}`;
  const part = every > 1 ? `; one row in ${countText(every)} was read` : '';
  const explanation = said === null ? null : `${said} (${sizes}${part})`;
  return { memory, result: { value, effect: usual === null ? null : value - usual, state, explanation } };
} // prettier-ignore

/** What was read since the detector began anew, in this window or before it. */
function remembered(
  before: StreamMemory | undefined,
  left: DetectorState,
  { errors, restart }: { readonly errors: readonly number[]; readonly restart: number | undefined },
): StreamMemory {
  if (restart !== undefined) {
    const since = errors.slice(restart + 1);
    return { labels: since.length, total: sum(since), left };
  }
  const { labels = 0, total = 0 } = before ?? {};
  return { labels: labels + errors.length, total: total + sum(errors), left };
}

function stateOf(alarm: number | undefined, { labels }: StreamMemory, warned: boolean): CheckState {
  if (alarm !== undefined) return 'ALERT';
  if (labels < LEAST_ROWS) return 'LEARNING';
  return warned ? 'NOTICE' : 'OK';
}

function saidOf(name: string, state: CheckState, place: string): string | null {
  if (state === 'ALERT') return `${name}: the errors have changed at ${place}`;
  return state === 'NOTICE' ? `${name} warns: errors rise` : null;
}

function sum(values: readonly number[]): number {
  return values.reduce((all, x) => all + x, 0);
}
