import { isEstimateRule, LEAST_CALIBRATED } from '../domain/estimate-of.js';
import type { Baseline } from '../domain/baseline.js';
import type { Outcome } from '../domain/outcome.js';
import { countText } from '../domain/wording.js';
import { MOST_ROWS_BY_REQUEST } from '../profiles/request-outcome-sql.js';
import type { LabelsOf } from './known-outcomes.js';

/** What an estimate without calibration is, and why nothing stands beside it. */
const UNCALIBRATED =
  'scores taken for what they say: no label taught the reference how they are calibrated, so its labels are no measure of this';
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
  whole: Pick<Outcome, 'answered' | 'labelled'> | undefined,
  labels: LabelsOf = 'own',
): string | null {
  if (metric === 'estimation_gap') return GAP;
  if (labels === 'request') return OF_LABELS.request;
  return whole && whole.answered > 0 && whole.labelled === 0 ? OF_LABELS[labels] : null;
}

/** Several remarks as one; null without any. */
export function remarks(...said: readonly (string | null)[]): string | null {
  const all = said.filter((one) => one !== null);
  return all.length > 0 ? all.join('; ') : null;
}

/** The same of what is expected without labels. */
export function remarkOfEstimate(baseline: Pick<Baseline, 'rules'> | null): string | null {
  return isCalibrated(baseline) ? null : UNCALIBRATED;
}
