/** Joins two keys that are watched together, and their values. */
export const BOTH = ' & ';

/** The keys that make a segment: one, or two. */
export function keysOf(attribute: string): readonly string[] {
  return attribute.split(BOTH);
}

/** Whether a text names what can be watched: a key, or two different ones. */
export function isOneOrTwoKeys(text: string): boolean {
  const keys = keysOf(text);
  return keys.length <= 2 && keys.every((key) => key.trim() !== '') && new Set(keys).size === keys.length;
}
