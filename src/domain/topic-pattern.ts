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
