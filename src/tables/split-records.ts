/** One record of a delimited text. A quoted field keeps whether it was: an unquoted `NA` is no value, a quoted one is a text. */
export interface Fields {
  readonly values: readonly string[];
  /** Positions of quoted fields; null where none is. */
  readonly quoted: ReadonlySet<number> | null;
}

const QUOTE = '"';

/** What is known between two pieces of text. */
interface Progress {
  values: string[];
  quoted: Set<number> | null;
  /** Of the open field. */
  field: string;
  /** 0 outside quotes, 1 inside, 2 just after a quote that may have been the last. */
  state: 0 | 1 | 2;
  /** Whether anything stands in the open record yet. */
  begun: boolean;
}

const fresh = (): Progress => ({ values: [], quoted: null, field: '', state: 0, begun: false });

/**
 * Records of a delimited text (RFC 4180, and what people make of it): fields may be quoted, quotes are doubled, a quoted field may hold
 * line ends; records end with LF, CRLF or CR; blanks around a quoted field are dropped; blank lines are left out.
 */
export async function* splitRecords(
  text: AsyncIterable<string>,
  delimiter: string,
): AsyncGenerator<readonly Fields[], void> {
  const progress = fresh();
  let carried = '';
  for await (const piece of text) {
    const whole = carried + piece;
    // a CR or quotes at the end of a piece mean something else with the next character
    carried = /(?:\r|"+)$/.exec(whole)?.[0] ?? '';
    const records: Fields[] = [];
    take(whole.slice(0, whole.length - carried.length), delimiter, progress, records);
    if (records.length > 0) yield records;
  }
  const records: Fields[] = [];
  take(carried, delimiter, progress, records);
  if (progress.begun || progress.field !== '') endRecord(progress, records);
  if (records.length > 0) yield records;
}

function take(text: string, delimiter: string, progress: Progress, records: Fields[]): void {
  const around = { delimiter: delimiter.charCodeAt(0), progress, records };
  let at = 0;
  while (at < text.length) at = progress.state === 1 ? inside(text, at, progress) : outside(text, at, around);
}

/** Up to the quote that ends the field; returns the place after it. */
function inside(text: string, from: number, progress: Progress): number {
  const end = text.indexOf(QUOTE, from);
  if (end === -1) {
    progress.field += text.slice(from);
    return text.length;
  }
  progress.field += text.slice(from, end);
  if (text[end + 1] === QUOTE) {
    progress.field += QUOTE;
    return end + 2;
  }
  progress.state = 2;
  return end + 1;
}

interface Surroundings {
  readonly delimiter: number;
  readonly progress: Progress;
  readonly records: Fields[];
}

/** Up to the next delimiter, line end or opening quote; returns the place after it. */
function outside(text: string, from: number, { delimiter, progress, records }: Surroundings): number {
  let end = from;
  for (; end < text.length; end += 1) {
    const character = text.charCodeAt(end);
    if (character === delimiter || character === 10 || character === 13) break;
    if (character === 34 && progress.state === 0 && (progress.field + text.slice(from, end)).trim() === '')
      return openQuote(progress, end);
  }
  if (progress.state === 0) progress.field += text.slice(from, end);
  if (end === text.length) return end;
  if (text.charCodeAt(end) === delimiter) {
    endField(progress);
    progress.begun = true;
    return end + 1;
  }
  endRecord(progress, records);
  return text.charCodeAt(end) === 13 && text.charCodeAt(end + 1) === 10 ? end + 2 : end + 1;
}

function openQuote(progress: Progress, at: number): number {
  (progress.quoted ??= new Set()).add(progress.values.length);
  progress.field = '';
  progress.state = 1;
  progress.begun = true;
  return at + 1;
}

function endField(progress: Progress): void {
  const isQuoted = progress.quoted?.has(progress.values.length) ?? false;
  progress.values.push(isQuoted ? progress.field : progress.field.trim());
  progress.field = '';
  progress.state = 0;
}

function endRecord(progress: Progress, records: Fields[]): void {
  const blank = !progress.begun && progress.field.trim() === '';
  if (!blank) {
    endField(progress);
    records.push({ values: progress.values, quoted: progress.quoted });
  }
  Object.assign(progress, fresh());
}
