/** Spellings of true and false, in lower case, in the languages that tables come in. */
export const TRUE_WORDS: readonly string[] = [
  'true', 't', 'yes', 'y', 'on', '1', '1.0',
  'ja', 'j', 'wahr', 'oui', 'vrai', 'si', 'sí', 'sì', 'vero', 'verdadero', 'sim', 'tak', 'ano', 'áno', 'igen', 'evet', 'kyllä', 'да',
]; // prettier-ignore
export const FALSE_WORDS: readonly string[] = [
  'false', 'f', 'no', 'n', 'off', '0', '0.0',
  'nein', 'falsch', 'non', 'faux', 'falso', 'nej', 'nee', 'nei', 'não', 'nao', 'nie', 'ne', 'nem', 'hayır', 'ei', 'нет',
]; // prettier-ignore
/** The longest of them. */
export const LONGEST_WORD = 9;

const TRUE = new Set(TRUE_WORDS);
const FALSE = new Set(FALSE_WORDS);

/** Any spelling of true and false, numbers too; null when it is neither. */
export function readBoolean(text: string): boolean | null {
  const lower = text.trim().toLowerCase();
  return TRUE.has(lower) ? true : FALSE.has(lower) ? false : null;
}

/** True where the word can mean nothing else: `true` and `false`, in any case. */
export function isBooleanWord(text: string): boolean {
  return /^(?:true|false)$/i.test(text);
}
