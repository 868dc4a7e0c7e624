import { DATA_FAULTS } from '../domain/check-result.js';
import {
  besideOfBoth,
  DAY,
  leadingExtent,
  shownFrom,
  type Extent,
  type Shown,
} from '../domain/course-stretch.js';
import type { Signal, Verdict } from '../domain/incident.js';
import { statisticUnit } from '../domain/statistic-text.js';
import type { Window } from '../domain/window.js';
import type { IncidentRecord } from './incident-record.js';
import type { IncidentView } from './incident-view.js';
import { reachOf, seenUntil } from './seen-until.js';
import { faultOfSource } from './shared-source.js';

const DRIFT = 'feature_drift';
/** What many features show together: it follows from what any of them shows by itself. */
const TOGETHER = 'multivariate';
/** Nulls of several features in the same rows: one of them stands for all. */
const NULLS = 'null_rate';
/** Rows that repeat: where a column says less than it did, they follow from that. */
const COPIES = 'duplicates';
/** Errors of a group: where everybody is answered worse, they follow from that. */
const GROUP = 'group_errors';
/** A segment: where all others changed as well, it follows from that. */
const SEGMENTS: ReadonlySet<string> = new Set(['segment_drift', 'segment_performance']);
/** Nothing can be judged, and no rows are counted, where nothing arrives. */
const OF_SILENCE: ReadonlySet<string> = new Set(['monitoring', 'volume']);
const SILENCE = 'freshness';
/** What outlives its cause by so many windows is a problem of its own. */
const OUTLIVES = 5;

/** Values that the reference never had move the mix of a feature as well. */
const NEW = 'new_category';
/** The part of Cohen's w, or of the points of a share, that new values must be to account for it. */
const PART_OF_W = 0.1;
const PART_OF_SHARE = 0.5;

/** Place in the order of explanation: faults of a feature's data, whatever explains and is explained, what only follows. */
export function rankOf({ check, feature }: Signal): number {
  if (feature !== null && (DATA_FAULTS.has(check) || check === NEW)) return 0;
  return check === TOGETHER ||
    check === COPIES ||
    check === GROUP ||
    SEGMENTS.has(check) ||
    OF_SILENCE.has(check)
    ? 2
    : 1;
}

/**
 * The open incident that accounts for what a verdict is about: of drift, a fault in the data of the same feature or of one from the same source that the verdict names, or values never seen that are as large; of what many features show
 * together, a fault or drift of one that the verdict names; of nulls in the same rows, the one that stands for them; of rows that repeat, a fault in the data of a feature that the verdict names; of the errors of a group and of
 * a segment, the check of the whole model, the other segment or the drift of the feature that it names; of not being able to judge, and of rows that are missing, that nothing arrives; of a fault in data, one in another model of data from the same source. Null when there is none; what nobody is told of explains nothing.
 */
export function causeOf(view: IncidentView, verdict: Verdict, window: Window): IncidentRecord | null {
  const { signal, explainedBy = [] } = verdict;
  const isCause = causesOf(signal, explainedBy);
  const since = Math.min(verdict.since?.getTime() ?? Infinity, window.from.getTime());
  const open = view.active(signal.model, signal.version).filter((one) => wasThere(one, since, window));
  return (
    open.find((one) => (isCause(one.signal) || areNewValuesOf(one, verdict)) && one.severity !== 'info') ??
    faultOfSource(view, verdict, window)
  );
}

/** Whether new values of a feature are enough to account for the drift of its mix, such as after a rename. */
function areNewValuesOf(
  cause: IncidentRecord,
  drift: Pick<Verdict, 'signal' | 'statistic' | 'effect'>,
): boolean {
  const { signal, statistic, effect } = drift;
  if (cause.signal.check !== NEW || signal.check !== DRIFT || cause.signal.feature !== signal.feature)
    return false;
  // Percentage points of the rows.
  const points = Math.abs(cause.effect ?? 0);
  const size = Math.abs(effect ?? 0);
  return statisticUnit(DRIFT, statistic) === 'w'
    ? points / 100 >= PART_OF_W * size
    : points >= PART_OF_SHARE * size;
}

/** Whether an incident was seen when something began, or shortly before: what is long over explains nothing, though its detector has not let go. */
function wasThere(incident: IncidentRecord, since: number, window: Pick<Window, 'from' | 'to'>): boolean {
  return since <= seenUntil(incident) + reachOf(window);
}

function causesOf({ check, feature }: Signal, named: readonly string[]): (cause: Signal) => boolean {
  if (check === DRIFT && feature !== null)
    return (cause) =>
      DATA_FAULTS.has(cause.check) && (cause.feature === feature || named.includes(cause.feature ?? ''));
  if (check === NULLS && named.length > 0)
    return (cause) =>
      cause.check === NULLS && cause.feature !== feature && named.includes(cause.feature ?? '');
  if (check === COPIES) return (cause) => DATA_FAULTS.has(cause.check) && named.includes(cause.feature ?? '');
  if (OF_SILENCE.has(check)) return (cause) => cause.check === SILENCE;
  if (SEGMENTS.has(check))
    return (cause) =>
      SEGMENTS.has(cause.check)
        ? cause.check === check && named.includes(cause.segment ?? '')
        : named.includes(cause.check) || (cause.check === DRIFT && named.includes(cause.feature ?? ''));
  if (check === GROUP) return (cause) => cause.feature === null && named.includes(cause.check);
  if (check !== TOGETHER) return () => false;
  return (cause) =>
    cause.feature !== null &&
    named.includes(cause.feature) &&
    (cause.check === DRIFT || DATA_FAULTS.has(cause.check));
}

/** Open drift of the same feature that a fault which just opened accounts for. */
export function effectsOf(view: IncidentView, cause: IncidentRecord): readonly IncidentRecord[] {
  if (rankOf(cause.signal) !== 0 || cause.severity === 'info') return [];
  return view
    .active(cause.signal.model, cause.signal.version)
    .filter(
      (one) =>
        one.signal.feature === cause.signal.feature &&
        one.signal.check === DRIFT &&
        one.explainedBy === null &&
        cause.course.onset.getTime() <= seenUntil(one) + DAY &&
        (cause.signal.check !== NEW || areNewValuesOf(cause, one)),
    );
}

/** What was held to follow from something else shows in a window in which that does not account for it; a window without rows shows nothing. */
export function standsAlone(
  view: IncidentView,
  incident: IncidentRecord,
  { signal, value, explainedBy = [] }: Verdict,
): boolean {
  return (
    incident.explainedBy !== null &&
    (signal.check === TOGETHER || isPart(signal)) &&
    value !== null &&
    explainedBy.length === 0 &&
    !isAsLarge(incident, view.find(incident.explainedBy))
  );
}

/** It is about a part of the rows, and may follow from what is said of all of them. */
function isPart({ check }: Signal): boolean {
  return check === GROUP || SEGMENTS.has(check);
}

/** A part of the rows is more than everybody from so many times on. */
const MORE = 1.5;

/** Whether over all their windows a part of the rows shows no more than all rows do, whatever the few rows of one window say. */
function isAsLarge(part: IncidentRecord, whole: IncidentRecord | undefined): boolean {
  if (!whole || !isPart(part.signal)) return false;
  const sizes = sizesInOneUnit(part, whole);
  if (!sizes) return false;
  const [own, all] = sizes;
  return own.size * all.size > 0 && Math.abs(own.size) <= MORE * Math.abs(all.size);
}

/** What leads in each where both are in one unit, else what both are told in beside it, such as the standard deviations of all rows; null where there is no such measure. */
function sizesInOneUnit(part: IncidentRecord, whole: IncidentRecord): readonly [Extent, Extent] | null {
  const [own, all] = [leadingExtent(part.course), leadingExtent(whole.course)];
  const unit = statisticUnit(part.signal.check, own.statistic);
  const isOne = unit !== 'none' && unit === statisticUnit(whole.signal.check, all.statistic);
  if (!isOne) return besideOfBoth(part.course, whole.course);
  return own.weight > 0 && all.weight > 0 ? [own, all] : null;
}

/** What one window of a few rows made of a part of them is seen better in the next ones. */
const FIRST_WINDOWS = 3;

/** Whether something that opened by itself may yet turn out to follow from what was there before it. */
export function mayFollow({ signal, course }: IncidentRecord): boolean {
  return isPart(signal) && course.windows <= FIRST_WINDOWS;
}

/** It has outlived what explained it and has to be told by itself: a window says so whose rows are of after that, also those of earlier windows that were put together with it. */
export function hasOutlivedCause(
  view: IncidentView,
  incident: IncidentRecord,
  window: Pick<Shown, 'from' | 'to' | 'restsFrom'>,
): boolean {
  if (incident.explainedBy === null) return false;
  const cause = view.find(incident.explainedBy);
  if (!cause || cause.closeReason === 'withdrawn') return true;
  const length = window.to.getTime() - window.from.getTime();
  const rowsFrom = shownFrom(window).getTime();
  if (cause.state !== 'CLOSED') return !wasThere(cause, rowsFrom, window);
  return (
    rowsFrom >= seenUntil(cause) && window.to.getTime() - cause.lastWindowTo.getTime() >= OUTLIVES * length
  );
}
