/** The parts of a native prediction. */
export const PARTS = ['label', 'score', 'scores', 'value'] as const;
export type MappedPart = (typeof PARTS)[number];

/** What servers call their outputs when nobody configured it. */
export const WELL_KNOWN: Readonly<Record<MappedPart, readonly string[]>> = {
  label: [
    'label',
    'predicted_label',
    'predicted_class',
    'class',
    'predict',
    'prediction',
    'classes',
    'predictions',
  ],
  score: ['score', 'probability', 'predicted_probability'],
  scores: ['scores', 'probabilities', 'predict_proba', 'proba'],
  value: ['value', 'predicted_value', 'prediction', 'predict', 'score', 'predictions'],
};
