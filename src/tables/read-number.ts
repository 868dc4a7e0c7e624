/** How a column writes its numbers: `1234.5`, `1234,5` (groups with dots), or `1,234.5` (also `12,34,567.8`). */
export const NUMBER_STYLES = ['point', 'comma', 'grouped'] as const;
export type NumberStyle = (typeof NUMBER_STYLES)[number];

const SHAPES: Readonly<Record<NumberStyle, RegExp>> = {
  point: /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/,
  comma: /^[+-]?(?:[1-9]\d{0,2}(?:\.\d{3})+|\d+)(?:,\d+)?(?:[eE][+-]?\d+)?$/,
  // by thousands, or as in India: 2,39,283.70
  grouped: /^[+-]?(?:[1-9]\d{0,2}(?:,\d{3})+|[1-9]\d?(?:,\d{2})+,\d{3})(?:\.\d*)?$/,
};
const INFINITE = /^[+-]?inf(?:inity)?$/i;

/** True for `007`: digits that are a name, because no number is written so. */
export function hasLeadingZero(text: string): boolean {
  return /^[+-]?0\d/.test(text);
}

export function isInfinite(text: string): boolean {
  return INFINITE.test(text);
}

/** The text in the given style as a number; null when it is none, or none that is finite. Blanks around it do not count. */
export function readNumber(text: string, style: NumberStyle): number | null {
  const trimmed = text.trim();
  if (!SHAPES[style].test(trimmed) && !SHAPES.point.test(trimmed)) return null;
  const number = Number(pointed(trimmed, style));
  return Number.isFinite(number) ? number : null;
}

function pointed(text: string, style: NumberStyle): string {
  if (style === 'comma' && SHAPES.comma.test(text)) return text.replaceAll('.', '').replace(',', '.');
  return style === 'grouped' ? text.replaceAll(',', '') : text;
}

/** What a number wears in reports: the sign or code of a currency, a percent or per mille sign, blanks and apostrophes between thousands. */
export interface Dressed {
  /** The number without all that, in one of the styles. */
  readonly bare: string;
  /** The sign or code; '' where only thousands are marked. */
  readonly mark: string;
}

const CODES = new Set([
  ...Intl.supportedValuesOf('currency'),
  'R$',
  'kr',
  'kr.',
  'zł',
  'Kč',
  'Ft',
  'Fr.',
  'Rs',
  'Rs.',
]);
const SIGN = String.raw`(?:US|A|AU|C|CA|HK|NT|NZ|S|SG|R|MX)\$|\p{Sc}|[A-Z]{3}|kr\.?|zł|Kč|Ft|Fr\.|Rs\.?|руб\.?|[円元원]`;
const DRESSED = new RegExp(String.raw`^([+-]?)\s*(${SIGN})?\s*([+-]?)(\d[\d.,'’ \u00a0\u202f]*|\.\d+)([.,][-–—])?\s*(${SIGN}|%|‰)?$`, 'u'); // prettier-ignore
const GROUPED = /^\d{1,3}(?:['’ \u00a0\u202f]\d{3})+(?:[.,]\d+)?$/;
const LONGEST_DRESSED = 40;
const WIDE = /[\uff01-\uff5e]/gu;

/** Wide digits and signs as narrow ones, and the minus where it is looked for: `(5.00)` and `5.00-` of book-keeping, U+2212. */
function plainSigns(text: string): string {
  const narrow = text
    .replaceAll(WIDE, (one) => String.fromCharCode(one.charCodeAt(0) - 0xfee0))
    .replaceAll('\u2212', '-')
    .trim();
  const negative = /^(?:\((?<inside>[^()+-]*\d[.,]\d+[^()+-]*)\)|(?<before>[^()+-]*\d[.,]\d+)\s*-)$/u.exec(narrow)?.groups;
  const inner = negative?.['inside'] ?? negative?.['before'];
  return inner === undefined ? narrow : `-${inner.trim()}`;
} // prettier-ignore

/** A number in the dress of a report (`¥25,189`, `1 234,50 €`, `89%`, `1'234`, `5,676,-`, `(7.50)`); null for what is none, and for a plain number. */
export function undressed(text: string): Dressed | null {
  if (text.length > LONGEST_DRESSED || !/\p{Nd}/u.test(text)) return null;
  const plain = plainSigns(text);
  const found = DRESSED.exec(plain);
  if (!found) return null;
  const [, before = '', prefix = '', after = '', said = '', dash = '', suffix = ''] = found;
  const mark = prefix + suffix;
  const isTwice = (before !== '' && after !== '') || (prefix !== '' && suffix !== '');
  const isMarked = mark !== '' || dash !== '' || plain !== text.trim();
  const number = isTwice || !isMark(mark) ? null : ungrouped(said.trimEnd(), isMarked);
  if (number === null) return null;
  const bare = before + after + number;
  return stylesOf(bare).length > 0 ? { bare, mark } : null;
}

function isMark(mark: string): boolean {
  return !/^[A-Z]{3}$/.test(mark) || CODES.has(mark);
}

/** Digits without blanks and apostrophes between thousands; null for what is no number, and without a mark for what may be a name (`110 001`) or is plain. */
function ungrouped(text: string, isMarked: boolean): string | null {
  if (!GROUPED.test(text)) return isMarked && !/['’\s]/.test(text) ? text : null;
  const isName = !isMarked && text.includes(' ') && !/[.,]/.test(text);
  return isName ? null : text.replaceAll(/['’\s]/g, '');
}

const WHOLE_SIGNS = new Set(['¥', '￥', '円', '₩', '₫', 'Ft']);

/** Whether a mark is that of a currency which is not divided: yen, won, dong. */
export function hasNoFraction(mark: string | null): boolean {
  if (mark === null || !/^[A-Z]{3}$/.test(mark)) return mark !== null && WHOLE_SIGNS.has(mark);
  const format = new Intl.NumberFormat('en', { style: 'currency', currency: mark });
  return format.resolvedOptions().maximumFractionDigits === 0;
}

/** Whether numbers with a mark are shares of a whole. */
export function isShareMark(mark: string | null | undefined): boolean {
  return mark === '%' || mark === '‰';
}

/** The number in the dress, percents as shares: `89%` is 0.89. Null when it is none. */
export function readDressed(text: string, style: NumberStyle): number | null {
  const found = undressed(text);
  const number = found === null ? null : readNumber(found.bare, style);
  if (number === null) return null;
  return found?.mark === '%' ? number / 100 : found?.mark === '‰' ? number / 1000 : number;
}

/** Which styles a text can be a number in. */
export function stylesOf(text: string): readonly NumberStyle[] {
  return NUMBER_STYLES.filter((style) => SHAPES[style].test(text));
}
