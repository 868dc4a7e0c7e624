import { TABLE_ROLES } from '../domain/model.js';
import { TableError } from './table-error.js';
import type { Column, Table } from './table.js';

export type Role = (typeof TABLE_ROLES)[number];

/** A column's part in an event; null for one that is left out, with the reason. */
export type Part =
  | { readonly role: Role; readonly key: null }
  | { readonly role: 'feature' | 'segment' | 'protected' | 'attribution' | 'scores'; readonly key: string }
  | { readonly role: null; readonly key: string | null };

/** What is known of the model the rows belong to; a model that is not known declares nothing. */
export interface RowsModel {
  readonly task?: string;
  readonly positive?: string | undefined;
  readonly features: Readonly<Record<string, { readonly type: 'numeric' | 'categorical' | 'boolean' }>>;
  readonly protected: readonly string[];
}

/** What was said of a file's columns. */
export interface ColumnRules {
  readonly model: RowsModel;
  /** Column that holds event time; found by its usual names where it is not said. */
  readonly timestamp?: string | undefined;
  /** Column by what it holds, where its name does not say it. */
  readonly columns?: Readonly<Partial<Record<Role, string>>> | undefined;
}

const TIMES = ['ts', 'timestamp', 'prediction_ts', 'event_time'];
/** What programs add to a table by themselves, and what an event says of itself. */
const BESIDE = new Set(['__index_level_0__', 'Unnamed: 0', 'type', 'source', 'tags']);
const NESTED_ROLES: Readonly<Record<string, 'feature' | 'segment' | 'protected' | 'attribution'>> = {
  features: 'feature',
  segment: 'segment',
  protected: 'protected',
  attributions: 'attribution',
};
const SCORE_OF = 'prediction_score_';

export function isKnownColumn(name: string): boolean {
  return (TABLE_ROLES as readonly string[]).includes(name) || TIMES.includes(name);
}

/** True for fields of a row of a table, false for those of an event or of a message. */
export function areRows(columns: readonly Column[]): boolean {
  const names = columns.map(({ path }) => path[0] ?? '');
  return !names.some((name) => EVENT_FIELDS.has(name)) && names.some((name) => ROW_FIELDS.has(name));
}

const ROW_FIELDS = new Set([
  'prediction_label',
  'prediction_score',
  'prediction_value',
  'prediction_scores',
  'actual_label',
]);
const EVENT_FIELDS = new Set(['features', 'prediction', 'label', 'specversion', 'captureData']);

/** Throws TableError where something was said of a column that is not there. */
export function checkColumns(
  { file, columns }: Pick<Table, 'file' | 'columns'>,
  { timestamp, columns: said = {} }: ColumnRules,
): void {
  const names = columns.map(({ name }) => name);
  const asked = Object.entries({ ...said, ...(timestamp === undefined ? {} : { ts: timestamp }) });
  for (const [role, name] of asked)
    if (!names.includes(name))
      throw new TableError(
        `${file}: there is no column "${name}" for ${role}; there are ${names.slice(0, 30).join(', ')}`,
      );
}

/** What each column holds. A table whose columns are the fields of events (`features.age`, `prediction.score`) is read as such. */
export function partsOf(columns: readonly Column[], rules: ColumnRules): readonly Part[] {
  const paths = columns.map(({ path, name }) => (path.length > 1 ? path : dotted(name)));
  const whole =
    paths.some(([outer]) => outer === 'features') && paths.some(([outer]) => outer === 'prediction');
  const time =
    rules.timestamp ?? rules.columns?.ts ?? TIMES.find((name) => columns.some((one) => one.name === name));
  return columns.map((column, i) => {
    if (column.name === time) return { role: 'ts', key: null };
    const said = TABLE_ROLES.find((role) => rules.columns?.[role] === column.name);
    if (said) return { role: said, key: null };
    return whole || column.path.length > 1 ? eventPart(paths[i] ?? []) : flatPart(column.name, rules.model);
  });
}

/** `features.age` → features, age. */
function dotted(name: string): readonly string[] {
  const dot = name.indexOf('.');
  return dot === -1 ? [name] : [name.slice(0, dot), name.slice(dot + 1)];
}

function flatPart(name: string, model: RowsModel): Part {
  if (model.protected.includes(name)) return { role: 'protected', key: name };
  const role = TABLE_ROLES.find((known) => known === name);
  // what a model declares to be a feature is one, also where it is called like a field of an event
  if (role && !(name in model.features && BESIDE_EVENT.has(role))) return { role, key: null };
  if (name.startsWith(SCORE_OF)) return { role: 'scores', key: name.slice(SCORE_OF.length) };
  return BESIDE.has(name) && !(name in model.features)
    ? { role: null, key: name }
    : { role: 'feature', key: name };
}

/** Fields of an event that a feature may be called like. */
const BESIDE_EVENT = new Set<Role>([
  'status',
  'latency_ms',
  'subject',
  'environment',
  'model',
  'model_version',
]);

function eventPart([outer = '', inner]: readonly string[]): Part {
  if (outer === 'label' && inner === undefined) return { role: 'actual_label', key: null };
  if (outer === 'prediction') return outputPart(inner ?? '');
  if (inner === undefined) {
    const role = TABLE_ROLES.find((known) => known === outer);
    return role ? { role, key: null } : { role: null, key: null };
  }
  const role = NESTED_ROLES[outer];
  return role ? { role, key: inner } : { role: null, key: null };
}

function outputPart(name: string): Part {
  if (name === 'label' || name === 'score' || name === 'value' || name === 'scores')
    return { role: `prediction_${name}`, key: null };
  return name.startsWith('scores.') ? { role: 'scores', key: name.slice(7) } : { role: null, key: null };
}
