/** How a column writes its numbers: `1234.5`, `1234,5` (groups with dots), or `1,234.5`. */
export const NUMBER_STYLES = ['point', 'comma', 'grouped'] as const;
export type NumberStyle = (typeof NUMBER_STYLES)[number];

const SHAPES: Readonly<Record<NumberStyle, RegExp>> = {
  point: /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/,
  comma: /^[+-]?(?:\d{1,3}(?:\.\d{3})+|\d+)(?:,\d+)?(?:[eE][+-]?\d+)?$/,
  grouped: /^[+-]?\d{1,3}(?:,\d{3})+(?:\.\d*)?$/,
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

/** Which styles a text can be a number in. */
export function stylesOf(text: string): readonly NumberStyle[] {
  return NUMBER_STYLES.filter((style) => SHAPES[style].test(text));
}
