/** A JSON text or a whole number that a double may not hold; the text comes first, so that digits in it are left alone. */
const TEXT_OR_LARGE = /"(?:[^"\\]|\\.)*"|(?<![\w.+-])-?\d{16,}(?![\d.eE])/g;
const LARGE = /\d{16}/;
/** Literals that Python writes into JSON and JSON has no number for: a value that is not there. */
const TEXT_OR_NOT_FINITE = /"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g;
/** Marks digits as a number; no text of JSON can hold this character unescaped. */
const MARK = '\u0001';
const DIGITS = /^-?\d+$/;

/** Parses JSON with whole numbers exact: those beyond 2^53 become bigint. NaN and Infinity are null. Throws SyntaxError. */
export function parseExactJson(text: string): unknown {
  if (!LARGE.test(text)) return parse(text);
  const exact = text.replaceAll(TEXT_OR_LARGE, (found) =>
    found.startsWith('"') || Number.isSafeInteger(Number(found)) ? found : `"\\u0001${found}"`,
  );
  return revive(parse(exact));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const finite = text.replaceAll(TEXT_OR_NOT_FINITE, (found) => (found.startsWith('"') ? found : 'null'));
    if (finite === text) throw error;
    return JSON.parse(finite);
  }
}

const marked = (text: string): boolean => text.startsWith(MARK) && DIGITS.test(text.slice(1));

function revive(value: unknown): unknown {
  if (typeof value === 'string') return marked(value) ? BigInt(value.slice(1)) : value;
  if (Array.isArray(value)) return value.map(revive);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, revive(inner)]));
}
