import { isRecord } from '../formats/message.js';

const FIELD = Buffer.from('"model_version"');
const SPACE = 0x20;
const QUOTE = 0x22;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
/** An escaped letter: the field's own name may be written so. */
const ESCAPED = Buffer.from('\\u00');

/**
 * The model version that a native event says, '' when it says none. A look at a few bytes tells it for events as everybody writes
 * them; the others are parsed, so that no spelling goes unseen. Where the field stands inside another one only, that is taken for
 * it: `parsedField` knows. What is no JSON has no version: it will be refused.
 */
export function versionText(value: Buffer): string {
  const at = value.indexOf(FIELD);
  if (value.includes(ESCAPED)) return parsedField(value, 'model_version');
  if (at === -1) return '';
  const plain = value.indexOf(FIELD, at + 1) === -1 ? plainText(value, at + FIELD.length) : null;
  return plain ?? parsedField(value, 'model_version');
}

/** The text after `:"`, when nothing else stands between and nothing in it is escaped. */
function plainText(value: Buffer, at: number): string | null {
  const from = value[at + 1] === SPACE ? at + 2 : at + 1;
  if (value[at] !== COLON || value[from] !== QUOTE) return null;
  const end = value.indexOf(QUOTE, from + 1);
  const text = value.subarray(from + 1, end);
  return end === -1 || text.includes(BACKSLASH) ? null : text.toString('utf8');
}

/** A text field of a JSON object; '' when it has none. */
export function parsedField(value: Buffer, name: string): string {
  try {
    const json: unknown = JSON.parse(value.toString('utf8'));
    const field = isRecord(json) ? json[name] : undefined;
    return typeof field === 'string' ? field : '';
  } catch {
    return '';
  }
}
