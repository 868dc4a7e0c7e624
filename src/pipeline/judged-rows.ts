import type { Json } from '../domain/ledger-entry.js';
import { isObject, type JsonObject } from '../domain/json-object.js';
import type { Ledger } from '../ledger/ledger.js';
import type { FoundRows, RowsDigest } from '../profiles/row-digests.js';

/** What the rows of a window, and on the labels track its labels, were when it was judged. */
export interface RowsAsJudged {
  readonly rows: RowsDigest;
  readonly labels: RowsDigest | null;
}

/** What they are now. */
export interface RowsNow {
  readonly rows: FoundRows;
  readonly labels: RowsDigest | null;
}

/**
 * How what a window was judged on stands to what is stored now. `changed`: there are as many of what had arrived by then, and they are not the same, which nobody who sends
 * can bring about. `replaced`: there are as many, and some came later under ids of before. `grown`: anything else, such as rows that came since or were deleted.
 */
export type RowsChange = 'same' | 'changed' | 'replaced' | 'grown';

/** Compares the rows of a window with what they were when it was judged. */
export function rowsChange(judged: RowsAsJudged, now: RowsNow): RowsChange {
  const { rows } = judged;
  const { before } = now.rows;
  if (before.count === rows.count && before.digest !== rows.digest) return 'changed';
  if (labelsChanged(judged.labels, now.labels)) return 'changed';
  if (now.rows.count !== rows.count) return 'grown';
  return now.rows.digest === rows.digest ? 'same' : 'replaced';
}

/** A label that somebody corrects comes later than the one it takes the place of; one that is edited where it lies does not. */
function labelsChanged(judged: RowsDigest | null, now: RowsDigest | null): boolean {
  if (!judged || !now || judged.count !== now.count) return false;
  return judged.digest !== now.digest && now.arrived <= judged.arrived;
}

/** As the ledger has it. */
export function judgedRowsJson({ rows, labels }: RowsAsJudged): { readonly [key: string]: Json } {
  return { rows: digestJson(rows), ...(labels ? { labelRows: digestJson(labels) } : {}) };
}

function digestJson({ count, digest, arrived }: RowsDigest): Json {
  return { count, digest, arrived };
}

/** What a judgement in the ledger says of its rows; null in those of before there were digests. */
export function judgedRowsIn({ rows, labelRows }: JsonObject): RowsAsJudged | null {
  const found = digestIn(rows);
  return found && { rows: found, labels: digestIn(labelRows) };
}

function digestIn(value: Json | undefined): RowsDigest | null {
  if (value === undefined || !isObject(value)) return null;
  const { count, digest, arrived } = value;
  if (typeof count !== 'number' || typeof digest !== 'string' || typeof arrived !== 'number') return null;
  return { count, digest, arrived };
}

/** A judgement of a window, as its place in the log names it. */
export interface SealedPlace {
  readonly model: string;
  readonly version: string;
  readonly from: number;
  readonly track: string;
  readonly revision: number;
}

type Codes = Pick<Ledger['codes'], 'codeOfText'>;
const PURPOSE = 'rows of a judged window';

/** What is kept beside a stored window so that the log need not be read for it: with a code that whoever writes the store cannot make. '' where there is no key. */
export function sealedRows(codes: Codes, place: SealedPlace, judged: RowsAsJudged): string {
  const text = JSON.stringify(judgedRowsJson(judged));
  const code = codes.codeOfText(PURPOSE, placeText(place) + text);
  return code === '' ? '' : `${code} ${text}`;
}

/** Reads it back; null where it is not what was kept: then the log has to be asked. */
export function unsealedRows(codes: Codes, place: SealedPlace, sealed: string): RowsAsJudged | null {
  const space = sealed.indexOf(' ');
  const [code, text] = [sealed.slice(0, space), sealed.slice(space + 1)];
  if (space < 1 || codes.codeOfText(PURPOSE, placeText(place) + text) !== code) return null;
  return judgedRowsIn(JSON.parse(text) as JsonObject);
}

function placeText({ model, version, from, track, revision }: SealedPlace): string {
  return JSON.stringify([model, version, from, track, revision]);
}
