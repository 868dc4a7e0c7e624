const TRUE = new Set(['true', 't', 'yes', 'y', 'on', '1', '1.0']);
const FALSE = new Set(['false', 'f', 'no', 'n', 'off', '0', '0.0']);

/** Any spelling of true and false, numbers too; null when it is neither. */
export function readBoolean(text: string): boolean | null {
  const lower = text.trim().toLowerCase();
  return TRUE.has(lower) ? true : FALSE.has(lower) ? false : null;
}

/** True where the word can mean nothing else: `true` and `false`, in any case. */
export function isBooleanWord(text: string): boolean {
  return /^(?:true|false)$/i.test(text);
}
