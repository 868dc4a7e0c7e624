import type { EventKind } from '../domain/event.js';

/** A topic by name, or every topic that a pattern matches. */
export type TopicPattern = string | RegExp;

/** Reads `name`, or `/expression/` for a pattern that must match the whole name. Throws on an invalid expression. */
export function topicPattern(text: string): TopicPattern {
  const expression = /^\/(.+)\/$/u.exec(text)?.[1];
  if (expression === undefined) return text;
  try {
    return new RegExp(`^(?:${expression})$`, 'u');
  } catch (cause) {
    throw new Error(`topic pattern ${text} is not a valid regular expression`, { cause });
  }
}

/** True when the pattern means this topic. */
export function matchesTopic(pattern: TopicPattern, topic: string): boolean {
  return typeof pattern === 'string' ? pattern === topic : pattern.test(topic);
}

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
