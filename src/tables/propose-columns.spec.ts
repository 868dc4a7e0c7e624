import { expect, it } from 'vitest';
import { mappingText, proposedColumns } from './propose-columns.js';

const text = (names: readonly string[], task = 'binary') => mappingText(proposedColumns(names, task));

it('knows what other programs call what a model said and what was true', () => {
  expect(text(['timestamp', 'y_pred_proba', 'y_pred', 'y_true'])).toBe('prediction_score=y_pred_proba,prediction_label=y_pred,actual_label=y_true'); // prettier-ignore
  expect(text(['age', 'target', 'prediction'], 'regression')).toBe(
    'prediction_value=prediction,actual_label=target',
  );
  expect(text(['inference_id', 'probability', 'ground_truth_label'])).toBe('prediction_score=probability,actual_label=ground_truth_label,prediction_id=inference_id'); // prettier-ignore
  expect(text(['id', 'date', 'age'])).toBe('');
  expect(text(['prediction_score', 'prediction_label', 'actual_label', 'target'])).toBe('');
});
