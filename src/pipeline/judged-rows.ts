import type { Json } from '../domain/ledger-entry.js';
import { isObject, type JsonObject } from '../domain/json-object.js';
import type { Ledger } from '../ledger/ledger.js';
import type { FoundLabels, FoundRows, RowsDigest } from '../profiles/row-digests.js';
import {
  compareMarks,
  marksName,
  readMarks,
  rowsOfMarks,
  type MarksChange,
  type RowMarks,
} from '../profiles/row-marks.js';

/** What rows or labels were when their window was judged. */
export interface JudgedDigest extends RowsDigest {
  /** Names their marks, which stand beside the window; null in records of before there were marks. */
  readonly marks: string | null;
}

/** What the rows of a window, and on the labels track its labels, were when it was judged. */
export interface RowsAsJudged {
  readonly rows: JudgedDigest;
  readonly labels: JudgedDigest | null;
}

/** What they are now. */
export interface RowsNow {
  readonly rows: FoundRows;
  readonly labels: FoundLabels | null;
}

/** Marks of what a window was judged on, where they are kept. */
export interface KeptMarks {
  readonly rows: RowMarks | null;
  readonly labels: RowMarks | null;
}

/** What is recorded of a look at the rows of a window, and the marks that are kept beside it, as text. */
export interface LookedAt {
  readonly judged: RowsAsJudged;
  readonly marks: string;
}

export const NO_MARKS: KeptMarks = { rows: null, labels: null };

/** Marks of what of it went with people who were erased. */
export interface ErasedMarks {
  readonly rows: RowMarks;
  readonly labels: RowMarks;
}

export const NONE_ERASED: ErasedMarks = { rows: new Map(), labels: new Map() };

/**
 * How what a window was judged on stands to what is stored now. `changed`: some of it says something else and did not come since, which nobody who sends can bring
 * about. `gone`: some of it is not there any more. `replaced`: there is as much, and some came later under ids of before. `grown`: anything else, such as rows that came since.
 */
type RowsChangeKind = 'same' | 'changed' | 'gone' | 'replaced' | 'grown';

export interface RowsChange {
  readonly kind: RowsChangeKind;
  /** Of what changed or is gone. */
  readonly of: 'rows' | 'labels';
  /** So many, at least, are gone beside those that were erased. */
  readonly gone: number;
  /** So many went with people who were erased. */
  readonly erased: number;
  /** Whether they are not the same, and the marks that would tell how are not those that were recorded: somebody wrote them. */
  readonly isUnmarked: boolean;
  /** Whether its marks are known, so that what is gone is known to the row. */
  readonly isMarked: boolean;
}

/** Compares the rows of a window with what they were when it was judged, and with what of that was erased. */
export function rowsChange(
  judged: RowsAsJudged,
  now: RowsNow,
  kept: KeptMarks,
  erased: ErasedMarks = NONE_ERASED,
): RowsChange {
  const rows = rowsByMarks(judged.rows, now.rows, { kept: kept.rows, erased: erased.rows }) ?? {
    isEdited: isOther(judged.rows, now.rows),
    gone: 0,
  };
  const labels = labelsBy(judged.labels, now.labels, { kept: kept.labels, erased: erased.labels });
  const isUnmarked = lacksMarks(judged.rows, now.rows, kept.rows) || lacksMarks(judged.labels, now.labels, kept.labels);
  const of = rows.isEdited || (!labels.isEdited && rows.gone > 0) ? 'rows' : 'labels';
  const gone = of === 'rows' ? rows.gone : labels.gone;
  const isChanged = rows.isEdited || labels.isEdited || isUnmarked;
  const kind = isChanged ? 'changed' : gone > 0 ? 'gone' : kindOf(judged.rows, now.rows);
  const isMarked = kept.rows !== null && (judged.labels === null || kept.labels !== null);
  return { kind, of, gone, isUnmarked, isMarked, erased: erasedCount(erased) };
} // prettier-ignore

function lacksMarks(judged: JudgedDigest | null, now: RowsDigest | null, kept: RowMarks | null): boolean {
  if (!judged || !now || kept !== null || judged.marks === null) return false;
  return now.count !== judged.count || now.digest !== judged.digest;
}

/** So many rows, or labels where they are more. */
export function erasedCount({ rows, labels }: ErasedMarks): number {
  return Math.max(rowsOfMarks(rows), rowsOfMarks(labels));
}

interface SetMarks {
  readonly kept: RowMarks | null;
  readonly erased: RowMarks;
}

function kindOf(judged: RowsDigest, now: RowsDigest): RowsChangeKind {
  if (now.count !== judged.count) return 'grown';
  return now.digest === judged.digest ? 'same' : 'replaced';
}

function rowsByMarks(judged: RowsDigest, now: FoundLabels, { kept, erased }: SetMarks): MarksChange | null {
  if (now.count === judged.count && now.digest === judged.digest) return { isEdited: false, gone: 0 };
  const found = { now: readMarks(now.marks), before: readMarks(now.marksBefore), erased };
  return kept && compareMarks(kept, found);
}

/** Without marks: as many of what had arrived by then, and not the same. */
function isOther({ count, digest }: RowsDigest, { before }: FoundRows): boolean {
  return before.count === count && before.digest !== digest;
}

function labelsBy(judged: RowsDigest | null, now: FoundLabels | null, marks: SetMarks): MarksChange {
  const found = judged && now && rowsByMarks(judged, now, marks);
  return found ?? { isEdited: labelsChanged(judged, now), gone: 0 };
}

/** A label that somebody corrects comes later than the one it takes the place of; one that is edited where it lies does not. */
function labelsChanged(judged: RowsDigest | null, now: RowsDigest | null): boolean {
  if (!judged || !now || judged.count !== now.count) return false;
  return judged.digest !== now.digest && now.arrived <= judged.arrived;
}

/** What is recorded of rows that were looked at, with their marks. */
export function lookedAt({ rows, labels }: RowsNow): LookedAt {
  const judged = { rows: judgedDigest(rows), labels: labels && judgedDigest(labels) };
  return { judged, marks: labels ? `${rows.marks} ${labels.marks}` : rows.marks };
}

function judgedDigest({ count, digest, arrived, marks }: FoundLabels): JudgedDigest {
  return { count, digest, arrived, marks: marksName(marks) };
}

/** Marks as they were kept; null where they are not those that were recorded: then digests alone are compared. */
export function keptMarks({ rows, labels }: RowsAsJudged, text: string): KeptMarks {
  const [ofRows = '', ofLabels = ''] = text.split(' ');
  const kept = (judged: JudgedDigest | null, own: string) =>
    judged?.marks === marksName(own) ? readMarks(own) : null;
  return { rows: kept(rows, ofRows), labels: kept(labels, ofLabels) };
}

/** As the ledger has it. */
export function judgedRowsJson({ rows, labels }: RowsAsJudged): { readonly [key: string]: Json } {
  return { rows: digestJson(rows), ...(labels ? { labelRows: digestJson(labels) } : {}) };
}

function digestJson({ count, digest, arrived, marks }: JudgedDigest): Json {
  return { count, digest, arrived, ...(marks === null ? {} : { marks }) };
}

/** What a judgement in the ledger says of its rows; null in those of before there were digests. */
export function judgedRowsIn({ rows, labelRows }: JsonObject): RowsAsJudged | null {
  const found = digestIn(rows);
  return found && { rows: found, labels: digestIn(labelRows) };
}

function digestIn(value: Json | undefined): JudgedDigest | null {
  if (value === undefined || !isObject(value)) return null;
  const { count, digest, arrived, marks } = value;
  if (typeof count !== 'number' || typeof digest !== 'string' || typeof arrived !== 'number') return null;
  return { count, digest, arrived, marks: typeof marks === 'string' ? marks : null };
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
