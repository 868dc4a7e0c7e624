import type { ColumnRole } from './column-role.js';

/** Names under which other programs keep what a model said and what was true, by what they hold; the more telling first. */
const KNOWN_ELSEWHERE: Readonly<Partial<Record<ColumnRole, readonly string[]>>> = {
  prediction_score: [
    'y_pred_proba', 'prediction_proba', 'predicted_probability', 'prediction_probability', 'probability', 'probabilities', 'y_score', 'y_proba',
    'proba', 'predicted_score', 'score',
  ],
  prediction_label: ['y_pred', 'predicted_label', 'prediction', 'predictions', 'predicted', 'pred', 'model_output', 'outputs'],
  actual_label: [
    'y_true', 'target', 'ground_truth', 'ground_truth_label', 'groundtruth', 'true_label', 'actual', 'actuals', 'label', 'outcome', 'truth', 'y',
  ],
  ts: ['datetime', 'date', 'time', 'created_at', 'scored_at', 'inference_time', 'event_timestamp', 'eventtime', 'event_time_ms', 'when', 'datetime_utc', 'occurred_at', 'logged_at'],
  prediction_id: ['id', 'identifier', 'request_id', 'inference_id', 'inferenceid', 'event_id', 'row_id', 'uuid'],
}; // prettier-ignore

const OUTPUTS: readonly ColumnRole[] = [
  'prediction_label',
  'prediction_score',
  'prediction_value',
  'actual_label',
];

/** Roles that other names of a file speak for, where it has none of ours for them: role → column. A regression says a value, no label. */
export function proposedColumns(
  names: readonly string[],
  task: string | undefined,
): Readonly<Partial<Record<ColumnRole, string>>> {
  const lower = new Map(names.map((name) => [name.toLowerCase(), name]));
  const found: Partial<Record<ColumnRole, string>> = {};
  for (const [role, others] of Object.entries(KNOWN_ELSEWHERE) as [ColumnRole, readonly string[]][]) {
    const column = others.map((name) => lower.get(name)).find((name) => name !== undefined);
    const as = role === 'prediction_label' && task === 'regression' ? 'prediction_value' : role;
    if (
      column !== undefined &&
      !names.includes(as) &&
      !(task === 'regression' && role === 'prediction_score')
    )
      found[as] = column;
  }
  return OUTPUTS.some((role) => found[role] !== undefined) ? found : {};
}

/** `prediction_label=y_pred,actual_label=y_true` */
export function mappingText(columns: Readonly<Partial<Record<ColumnRole, string>>>): string {
  return Object.entries(columns)
    .map(([role, name]) => `${role}=${name}`)
    .join(',');
}
