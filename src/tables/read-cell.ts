import type { ColumnKind } from './column-kind.js';
import { isMissing } from './missing-value.js';
import { readBoolean } from './read-boolean.js';
import { isInfinite, readDressed, readNumber } from './read-number.js';
import type { Cell } from './table.js';

/** A value as an event carries it; undefined where the row does not have it. */
export type Value = number | string | boolean | null | undefined;

/** The cell as its column is read. A text among numbers stays a text. */
export function readCell(cell: Cell, kind: ColumnKind): Value {
  if (cell === null || cell === undefined) return cell;
  if (kind.kind === 'nested') return undefined;
  if (kind.kind === 'number') return numberOf(cell, kind);
  if (kind.kind === 'boolean') return booleanOf(cell);
  return kind.kind === 'text' ? textOf(cell, kind.whole) : ownValue(cell);
}

function numberOf(cell: Cell, { style, mark }: Extract<ColumnKind, { kind: 'number' }>): Value {
  if (typeof cell === 'boolean') return Number(cell);
  if (typeof cell !== 'string') return ownValue(cell);
  const number = readNumber(cell, style) ?? (mark === null ? null : readDressed(cell, style));
  return number ?? (isMissing(cell.trim()) || isInfinite(cell.trim()) ? null : cell);
}

function booleanOf(cell: Cell): Value {
  if (typeof cell === 'boolean') return cell;
  const text = exactText(cell);
  if (text === null || isMissing(text.trim())) return null;
  return readBoolean(text) ?? text;
}

function textOf(cell: Cell, whole: boolean): Value {
  const text = exactText(cell);
  return text !== null && whole ? text.replace(/\.0*$/, '') : text;
}

function ownValue(cell: Cell): Value {
  if (typeof cell === 'bigint') return Number(cell);
  if (typeof cell === 'number') return Number.isFinite(cell) ? cell : null;
  if (typeof cell === 'string' || typeof cell === 'boolean') return cell;
  return cell instanceof Date ? exactText(cell) : undefined;
}

/** A name is text, every digit of it, also where a column looks like numbers. Null for what has no text. */
export function exactText(cell: Cell): string | null {
  if (typeof cell === 'string') return cell;
  if (typeof cell === 'number') return Number.isFinite(cell) ? String(cell) : null;
  if (typeof cell === 'bigint' || typeof cell === 'boolean') return String(cell);
  if (!(cell instanceof Date) || Number.isNaN(cell.getTime())) return null;
  return cell.toISOString();
}
