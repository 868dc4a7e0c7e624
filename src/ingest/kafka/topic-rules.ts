import type { EventKind } from '../../domain/event.js';
import { matchesTopic, type TopicPattern } from '../../domain/topic-pattern.js';

export interface TopicRules {
  readonly patterns: readonly TopicPattern[];
  /** What a topic carries; null when each event must say it itself, because both patterns match. */
  readonly kindOf: (topic: string) => EventKind | null;
}

/** Which topics to read and what their events are. */
export function topicRules(predictions: TopicPattern, labels: TopicPattern): TopicRules {
  return {
    patterns: [predictions, labels],
    kindOf: (topic) => {
      const isPrediction = matchesTopic(predictions, topic);
      if (isPrediction && matchesTopic(labels, topic)) return null;
      return isPrediction ? 'prediction' : 'label';
    },
  };
}
