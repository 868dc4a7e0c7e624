import { DatabaseError, type Settings } from './database.js';

const IDENTIFIER = /^[A-Za-z_]\w*$/u;
const SETTING_VALUE = /^[\w .:/+-]*$/u;
const TARGET = /^(?<table>[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)?)(?:\s*\((?<columns>[\w\s,]+)\))?$/u;

/** `name=value, …` for a SETTINGS clause. Refuses names and texts that could end the clause: settings never come from users. */
export function settingsClause(settings: Settings): string {
  return Object.entries(settings)
    .map(([name, value]) => `${settingName(name)}=${settingValue(name, value)}`)
    .join(', ');
}

function settingName(name: string): string {
  if (!IDENTIFIER.test(name))
    throw new DatabaseError(`setting name ${JSON.stringify(name)} is not a word`, 'INVALID_SETTING', false);
  return name;
}

function settingValue(name: string, value: string | number | boolean): string {
  if (typeof value === 'boolean') return value ? '1' : '0';
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  if (typeof value === 'string' && SETTING_VALUE.test(value)) return `'${value}'`;
  throw new DatabaseError(
    `setting ${name}: the value must be a finite number, a boolean or plain text without quotes or backslashes`,
    'INVALID_SETTING',
    false,
  );
}

export interface InsertTarget {
  /** `table` or `table (a, b)`, as given. */
  readonly text: string;
  readonly table: string;
  /** Empty when the caller named none. */
  readonly columns: readonly string[];
}

/** Parses `table`, `database.table` or `table (a, b)` of plain words; anything else is refused, so a target can hold no SQL. */
export function insertTarget(into: string): InsertTarget {
  const groups = TARGET.exec(into.trim())?.groups;
  const table = groups?.['table'];
  const columns = groups?.['columns']?.split(',').map((column) => column.trim()) ?? [];
  if (table === undefined || !columns.every((column) => IDENTIFIER.test(column))) {
    throw new DatabaseError(
      `insert target ${JSON.stringify(into)} is not "table" or "table (column, …)"`,
      'INVALID_TARGET',
      false,
    );
  }
  return { text: into.trim(), table, columns };
}

/** A column's name, quoted (names such as `offset` are keywords). Throws for anything but a plain word. */
export function columnName(name: string): string {
  if (IDENTIFIER.test(name)) return `\`${name}\``;
  throw new DatabaseError(`column name ${JSON.stringify(name)} is not a word`, 'INVALID_TARGET', false);
}
