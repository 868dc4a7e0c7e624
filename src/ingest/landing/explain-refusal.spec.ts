import { expect, it } from 'vitest';
import { explained } from './explain-refusal.js';

const of = (message: string, event: object) => explained(message, Buffer.from(JSON.stringify(event)));

it.each([
  ['prediction_id', { predictionId: 'p' }, 'but there is "predictionId": call it prediction_id'],
  ['ts', { x: 1, Timestamp: 1 }, 'but there is "Timestamp": call it ts'],
  ['features', { inputs: {} }, 'but there is "inputs": call it features'],
  ['features', { Features: {} }, 'but there is "Features": call it features'],
  ['prediction', { score: 0.3 }, null],
  ['prediction', { predicted: 'good' }, 'but there is "predicted": an answer is an object, such as {"label": …, "score": …} or {"value": …}'],
  ['label', { value: 3 }, 'but there is "value": call it label'],
] as const)('asks for a missing %s under the name that was sent in its place', (field, event, said) => {
  const message = `${field} is missing or null: send it`;
  expect(of(message, event)).toBe(said === null ? message : `${field} is missing, ${said}`);
}); // prettier-ignore

it.each([
  ['score', { prediction: { label: 'a', Score: 1 } }, 'but there is "Score": call it score'],
  ['score', { prediction: { label: 'a', probability: 1 } }, 'but there is "probability": call it score'],
  ['score', { prediction: { label: 'a' }, score: 1 }, 'but there is "score" beside prediction: send it inside, as {"prediction": {"score": …}}'],
  ['scores', { prediction: { label: 'a', Scores: {} } }, 'but there is "Scores": call it scores'],
  ['value', { prediction: { label: 'a' } }, null],
] as const)('asks for a missing prediction.%s likewise', (field, event, said) => {
  const message = `prediction.${field} is missing: a binary model answers {"label","score"}`;
  expect(of(message, event)).toBe(said === null ? message : `prediction.${field} is missing, ${said}`);
}); // prettier-ignore

it('shows the value that is no number', () => {
  const message = 'prediction.value is not a number: do not quote it';
  expect(of(message, { prediction: { value: '¥25,189' } })).toBe('prediction.value "¥25,189" is not a number: send one without quotes, signs and units'); // prettier-ignore
  expect(of(message, { prediction: { value: '12' } })).toBe(
    'prediction.value "12" is not a number: do not quote it',
  );
  expect(of(message, { prediction: { value: true } })).toBe('prediction.value is not a number');
});

it('says of JSON that is nested too deep that it is', () => {
  const message = 'the bytes are not one complete JSON value: look for truncation and quoting';
  const deep = `{"a":${'['.repeat(5000)}${']'.repeat(5000)}}`;
  expect(explained(message, Buffer.from(deep))).toBe(
    'the JSON is nested 5001 levels deep, and 1024 are read: send values, not structures',
  );
  expect(explained(message, Buffer.from(deep.slice(0, -1)))).toBe(message);
});

it('leaves other messages, and events that are no object, alone', () => {
  expect(of('model is not a string: quote it', { modelKey: 1 })).toBe('model is not a string: quote it');
  for (const bytes of ['[]', '{', '3'])
    expect(explained('ts is missing or null: send it', Buffer.from(bytes))).toMatch(/send it$/);
});

it('a class in another spelling is told with the one that it is spelt like, once', () => {
  const told = (label: string) =>
    of(`label "${label}" is none of the classes of the model file: good, bad, very late`, { label });
  expect(told('Bad')).toBe(
    'label "Bad" is none of the classes of the model file: good, bad, very late; did you mean "bad"?',
  );
  expect(told(' bad')).toMatch(/did you mean "bad"\?$/);
  expect(told('very-late')).toMatch(/did you mean "very late"\?$/);
  expect(told('ugly')).not.toContain('did you mean');
  expect(of(told('Bad'), { label: 'Bad' })).toBe(told('Bad'));
});
