import { cellsOf, classCounts } from '../checks/multiclass-metrics.js';
import { isEstimateRule, LEAST_CALIBRATED } from '../domain/estimate-of.js';
import type { Baseline } from '../domain/baseline.js';
import type { Outcome } from '../domain/outcome.js';
import { countText, someOf } from '../domain/wording.js';
import { MOST_ROWS_BY_REQUEST } from '../profiles/request-outcome-sql.js';
import type { LabelsOf } from './known-outcomes.js';

/** What an estimate without calibration is, and why nothing stands beside it. */
const UNCALIBRATED =
  'scores taken for what they say: no label taught the reference how they are calibrated, so its labels are no measure of this';
/** Versions, or classes, that are named. */
const NAMED = 3;
const GAP = 'loss of the labelled answers less what was expected of them: above 0, they were answered worse';
/** Labels are joined by the id of the prediction; those of other versions meet at the request. */
const NO_LABEL = 'no label names the prediction_id of one of these answers yet';
const OF_LABELS: Readonly<Record<LabelsOf, string>> = {
  own: NO_LABEL,
  none: `${NO_LABEL}, nor, for a version on trial, that of another version’s answer to the same request (request_id)`,
  too_many: `${NO_LABEL}; those of other versions’ answers to the same requests (request_id) are not looked for among more than ${countText(MOST_ROWS_BY_REQUEST)} rows: ask for a shorter stretch, or see the comparison`,
  request: 'by labels that name another version’s answer to the same request (request_id), for none names an answer of this version; no check judges by them',
}; // prettier-ignore

/** Whether labels taught a reference how its answers are calibrated; of before that was kept they are taken to have. */
export function isCalibrated(baseline: Pick<Baseline, 'rules'> | null): boolean {
  return (baseline?.rules ?? [])
    .filter(isEstimateRule)
    .every(({ taughtBy }) => (taughtBy?.labelled ?? LEAST_CALIBRATED) >= LEAST_CALIBRATED);
}

/** What has to be known to read what labels say of a metric; null where nothing has. */
export function remarkOfLabels(
  metric: string,
  whole: Outcome | undefined,
  labels: LabelsOf = 'own',
): string | null {
  if (metric === 'estimation_gap') return GAP;
  const classes = remarkOfClasses(metric, whole);
  if (labels === 'request') return remarks(OF_LABELS.request, classes);
  return whole && whole.answered > 0 && whole.labelled === 0 ? OF_LABELS[labels] : classes;
}

/** Several remarks as one; null without any. */
export function remarks(...said: readonly (string | null)[]): string | null {
  const all = said.filter((one) => one !== null);
  return all.length > 0 ? all.join('; ') : null;
}

/** The same of what is expected without labels: that nothing calibrated it, or that it is not the version's own labels, or not these alone, that did. */
export function remarkOfEstimate(
  baseline: Pick<Baseline, 'rules'> | null,
  version: string,
): string | null {
  if (!isCalibrated(baseline)) return UNCALIBRATED;
  const rule = baseline?.rules.find(isEstimateRule);
  if (!rule) return null;
  const { versions = null, labelled = null } = rule.taughtBy ?? {};
  const rows = labelled === null ? 'labels' : `${countText(labelled)} labels`;
  if (versions === null) return `calibrated by ${rows} of the reference, which does not say whose answers they are of`;
  const others = versions.filter((one) => one !== version);
  if (others.length === 0) return null;
  const own = versions.includes(version) ? 'its own among them' : 'by none of its own';
  return `calibrated by ${rows} of version ${someOf(others, NAMED)}, ${own}`;
} // prettier-ignore

/** Metrics that are means over classes, in which a class of a kind counts as 0. */
const OVER_CLASSES: Readonly<Record<string, readonly ('unanswered' | 'absent')[]>> = {
  macro_precision: ['unanswered'],
  weighted_precision: ['unanswered'],
  macro_f1: ['unanswered', 'absent'],
  weighted_f1: ['unanswered'],
  macro_recall: ['absent'],
};

/** Of how many classes a mean is, and which of them count as 0 because they are never answered, or were never there; null where none does. */
function remarkOfClasses(metric: string, whole: Outcome | undefined): string | null {
  const kinds = OVER_CLASSES[metric];
  if (!kinds || !whole) return null;
  const classes = classCounts(cellsOf(whole));
  const named = (of: 'answered' | 'actual') => classes.filter((one) => one[of] === 0).map(({ name }) => `"${name}"`);
  const found = { unanswered: named('answered'), absent: named('actual') };
  const said = { unanswered: 'never answered', absent: 'answered and never there' };
  const zeros = kinds.flatMap((kind) => (found[kind].length > 0 ? [`${countText(found[kind].length)} ${said[kind]} (${someOf(found[kind], NAMED)})`] : []));
  return zeros.length === 0 ? null : `mean over ${countText(classes.length)} classes, which counts 0 for ${zeros.join(' and ')}`;
} // prettier-ignore
