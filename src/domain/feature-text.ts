import { OUTPUT } from './profile.js';

/** What a model answers, for people; its name in the data is how machines know it. */
const ANSWERS: ReadonlyMap<string, string> = new Map([
  [OUTPUT.score, 'the score'],
  [OUTPUT.label, 'the mix of answers'],
  [OUTPUT.value, 'the predicted value'],
]);

/** A feature as people read it: by its name, and what a model answers in words. */
export function featureText(feature: string): string {
  return ANSWERS.get(feature) ?? feature;
}

/** Whether a name is that of what a model answers, and of nothing that it is given. */
export function isAnswer(feature: string): boolean {
  return ANSWERS.has(feature);
}
