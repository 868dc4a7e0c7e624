import { describe, expect, it } from 'vitest';
import { topicPattern } from '../../domain/topic-pattern.js';
import { topicRules } from './topic-rules.js';

describe('topic rules', () => {
  it('reads names and whole-name expressions', () => {
    expect(topicPattern('tidewatch.predictions')).toBe('tidewatch.predictions');
    const rules = topicRules(topicPattern('/[a-z]+\\.predictions/'), topicPattern('labels'));
    expect(rules.kindOf('shop.predictions')).toBe('prediction');
    expect(rules.kindOf('labels')).toBe('label');
    expect((rules.patterns[0] as RegExp).test('shop.predictions.old')).toBe(false);
  });

  it('leaves the kind to the event where both patterns match', () => {
    expect(topicRules('events', 'events').kindOf('events')).toBeNull();
  });

  it('names a pattern it cannot read', () => {
    expect(() => topicPattern('/(/')).toThrow('topic pattern /(/ is not a valid regular expression');
  });
});
