import { lookAlike } from '../domain/look-alike.js';
import { TABLE_ROLES } from '../domain/model.js';
import { keysOf } from '../domain/segment-keys.js';
import { TableError } from './table-error.js';
import type { TableColumn, Table } from './table.js';

export type ColumnRole = (typeof TABLE_ROLES)[number];

/** A column's part in an event; null for one that is left out, with the reason. */
export type Part =
  | { readonly role: ColumnRole; readonly key: null }
  | { readonly role: 'feature' | 'segment' | 'protected' | 'attribution' | 'scores'; readonly key: string }
  | { readonly role: null; readonly key: string | null };

/** What is known of the model the rows belong to; a model that is not known declares nothing. */
export interface RowsModel {
  readonly task?: string;
  readonly positive?: string | undefined;
  readonly features: Readonly<Record<string, { readonly type: 'numeric' | 'categorical' | 'boolean' }>>;
  readonly protected: readonly string[];
  /** Keys of `segment`, or names of categorical features; two joined as `region & channel`. */
  readonly segments: readonly string[];
}

/** What was said of a file's columns. */
export interface ColumnRules {
  readonly model: RowsModel;
  /** Column that holds event time; found by its usual names where it is not said. */
  readonly timestamp?: string | undefined;
  /** Column by what it holds, where its name does not say it: a part of the event (`actual_label`), a feature, a segment, a protected attribute. */
  readonly columns?: Readonly<Record<string, string>> | undefined;
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
export function areRows(columns: readonly TableColumn[]): boolean {
  const names = columns.map(({ path }) => path[0] ?? '');
  if (names.some((name) => ROW_FIELDS.has(name))) return !names.some((name) => EVENT_FIELDS.has(name));
  const isEvent = columns.some(({ path }) => path.length > 1) || names.some((name) => OF_EVENTS.has(name));
  return !isEvent && !(names.includes('prediction_id') && names.includes('label'));
}

const ROW_FIELDS = new Set([
  'prediction_label',
  'prediction_score',
  'prediction_value',
  'prediction_scores',
  'actual_label',
]);
const EVENT_FIELDS = new Set(['features', 'prediction', 'label', 'specversion', 'captureData']);
/** Fields by which events and messages are known, whatever else they have. */
const OF_EVENTS = new Set(['type', 'features', 'specversion', 'captureData']);

/** Throws TableError where something was said of a column that is not there, or twice of one. */
export function checkColumns(
  { file, columns }: Pick<Table, 'file' | 'columns'>,
  { timestamp, columns: said = {}, model }: ColumnRules,
): void {
  const names = columns.map(({ name }) => name);
  const asked = Object.entries({ ...said, ...(timestamp === undefined ? {} : { ts: timestamp }) });
  for (const [what, name] of asked) {
    if (!names.includes(name))
      throw new TableError(
        `${file}: there is no column "${name}" for ${what}; there are ${names.slice(0, 30).join(', ')}`,
      );
    const twice = asked.find(([other, same]) => other !== what && same === name);
    if (twice)
      throw new TableError(`${file}: column "${name}" is named for ${what} and for ${twice[0]}: it holds one of them`);
    const meant = isNamed(what, model) ? null : lookAlike(what, TABLE_ROLES);
    if (meant !== null)
      throw new TableError(`${file}: "${what}" is given column "${name}": did you mean ${meant}? A feature of that name is declared under features`);
  }
} // prettier-ignore

/** True for what a column can hold and for what the model declares. */
function isNamed(what: string, { features, segments, protected: attributes }: RowsModel): boolean {
  const roles: readonly string[] = TABLE_ROLES;
  return roles.includes(what) || what.startsWith(SCORE_OF) || what in features || isSegment(what, { segments }) || attributes.includes(what); // prettier-ignore
}

function isSegment(name: string, { segments }: Pick<RowsModel, 'segments'>): boolean {
  return segments.some((attribute) => keysOf(attribute).includes(name));
}

/** What each column holds. A table whose columns are the fields of events (`features.age`, `prediction.score`) is read as such. */
export function partsOf(columns: readonly TableColumn[], rules: ColumnRules): readonly Part[] {
  const paths = columns.map(({ path, name }) => (path.length > 1 ? path : dotted(name)));
  const whole =
    paths.some(([outer]) => outer === 'features') && paths.some(([outer]) => outer === 'prediction');
  const time =
    rules.timestamp ?? rules.columns?.['ts'] ?? TIMES.find((name) => columns.some((one) => one.name === name));
  const said = new Map(Object.entries(rules.columns ?? {}).map(([what, name]) => [name, what]));
  return columns.map((column, i) => {
    if (column.name === time) return { role: 'ts', key: null };
    const what = said.get(column.name);
    if (what !== undefined) return saidPart(what, rules.model);
    if (rules.columns && column.name in rules.columns) return { role: null, key: column.name };
    return whole || column.path.length > 1 ? eventPart(paths[i] ?? []) : flatPart(column.name, rules.model);
  });
} // prettier-ignore

/** What was said to be in a column: of a part of the event and a feature of one name the part is meant, unless the feature is declared. */
function saidPart(what: string, model: RowsModel): Part {
  const role = TABLE_ROLES.find((known) => known === what);
  return role && !(what in model.features) ? { role, key: null } : flatPart(what, model);
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
  if (!(name in model.features)) {
    if (isSegment(name, model)) return { role: 'segment', key: name };
    const [outer = '', inner = ''] = dotted(name);
    const nested = inner === '' ? undefined : NESTED_ROLES[outer];
    if (nested && nested !== 'feature') return { role: nested, key: inner };
  }
  return BESIDE.has(name) && !(name in model.features)
    ? { role: null, key: name }
    : { role: 'feature', key: name };
}

/** Fields of an event that a feature may be called like. */
const BESIDE_EVENT = new Set<ColumnRole>([
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
