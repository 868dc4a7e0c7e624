import type { Purge } from '../store/purge.js';
import { literal } from '../store/sql-text.js';
import { STAGED_ID, STAGED_ID_NOTED } from './staged-id.js';

/** Tables with rows about a person, in the order in which they are emptied: predictions last, for the others are found by them. */
export const PERSON_TABLES = [
  'labels',
  'staged_labels',
  'inference_halves',
  'dead_letters',
  'predictions',
] as const;
export type PersonTable = (typeof PERSON_TABLES)[number];

/** A text of fewer characters is a word of everyday bytes: it names the person only where it stands for one. */
const TELLING = 6;

/** Predictions of the person, in SQL. Parameters: subject. */
export const OWN = 'SELECT model, prediction_id FROM predictions WHERE subject = {subject:String}';
const WHEN: Readonly<Record<PersonTable, string>> = {
  labels: 'labelled_at',
  staged_labels: 'ts',
  inference_halves: 'fromUnixTimestamp64Milli(received_at)',
  dead_letters: 'received_at',
  predictions: 'ts',
};

/** Rows of a table that are about a person. Parameters: those of {@link personParams}. */
export function aboutPerson(table: PersonTable): string {
  switch (table) {
    case 'predictions':
      return 'subject = {subject:String}';
    case 'labels':
      return `(model, prediction_id) IN (${OWN}) OR tags['subject'] = {subject:String}`;
    case 'staged_labels':
      return `id IN (SELECT ${STAGED_ID} FROM (${OWN}))`;
    case 'dead_letters':
      return `${namesPerson} OR (model, JSONExtractString(raw, 'prediction_id')) IN (${OWN})`;
    case 'inference_halves':
      return `${namesPerson} OR (model, id) IN (${OWN})`;
  }
}

/** Bytes that name the person: as their `subject`, as the key or a header of the record, or, where that is no everyday word, anywhere as a word of its own. */
const namesPerson = `JSONExtractString(raw, 'subject') = {subject:String} OR key = {subject:String}
  OR position(headers, concat('"', base64Encode({subject:String}), '"')) > 0 OR match(raw, {field:String})
  OR (lengthUTF8({subject:String}) >= ${TELLING} AND position(raw, {subject:String}) > 0 AND (NOT isValidUTF8(raw) OR match(raw, {word:String})))`;

/** What the conditions of {@link aboutPerson} are bound to. */
export function personParams(subject: string): Readonly<Record<string, string>> {
  const escaped = (text: string) => text.replaceAll(/[\\^$.*+?()[\]{}|/-]/gu, String.raw`\$&`);
  const quoted = escaped(JSON.stringify(subject));
  const field = String.raw`"subject"\s*:\s*(?:${quoted}|${escaped(subject)}\s*[,}])`;
  const word = String.raw`(?:^|[^\pL\pN])${escaped(subject)}(?:[^\pL\pN]|$)`;
  return { subject, field, word };
}

/** Notes which rows of a table go. Parameters: those of {@link personParams}, erasure. */
export function noteRows(table: PersonTable): string {
  const model = table === 'staged_labels' ? "''" : 'model';
  const { id, place } = placeOf(table);
  return `INSERT INTO erasing (erasure, kind, model, id, topic, partition, offset, ts)
    SELECT {erasure:String}, '${table}', ${model}, ${id}, ${place}, ${WHEN[table]} FROM ${table} WHERE ${aboutPerson(table)}`;
}

/** How many rows of a table would be noted: what is not merged yet, as a refused event that was taken since, is there twice and is one. Parameters: those of {@link personParams}. */
export function countNotable(table: PersonTable): string {
  const { id, place } = placeOf(table);
  return `SELECT uniqExact(${place}, ${id}) AS rows FROM ${table} WHERE ${aboutPerson(table)}`;
}

/** By what the rows of a table are told apart. */
function placeOf(table: PersonTable): { readonly id: string; readonly place: string } {
  if (table === 'staged_labels') return { id: STAGED_ID_NOTED, place: "'', 0, 0" };
  return { id: `cityHash64(${idOf(table)})`, place: 'topic, partition, offset' };
}

function idOf(table: PersonTable): string {
  return table === 'dead_letters' ? "''" : table === 'inference_halves' ? 'id' : 'prediction_id';
}

/** What is deleted of a table, and of those that are made from it. The conditions name no person: the engine keeps their text. */
export function purgesOf(table: PersonTable, erasure: string): readonly Purge[] {
  const noted = (columns: string) =>
    `(SELECT ${columns} FROM erasing WHERE erasure = '${erasure}' AND kind = '${table}')`;
  if (table === 'staged_labels') return [{ table, where: `${STAGED_ID_NOTED} IN ${noted('id')}` }];
  const own = { table, where: `(topic, partition, offset) IN ${noted('topic, partition, offset')}` };
  if (table !== 'predictions') return [own];
  const made = ['prediction_minutes', 'repeated_predictions'];
  return [...made.map((name) => ({ table: name, where: `(model, id) IN ${noted('model, id')}` })), own];
}

/** Rows of all models that name the person, by model. Parameters: subject. */
export const ROWS_BY_MODEL = `SELECT model, count() AS rows, toUnixTimestamp64Milli(min(ts)) AS first, toUnixTimestamp64Milli(max(ts)) AS last
  FROM predictions WHERE subject = {subject:String} GROUP BY model ORDER BY model`;

/** The same of what was noted. Parameters: erasure. */
export const NOTED_BY_MODEL = `SELECT model, count() AS rows, toUnixTimestamp64Milli(min(ts)) AS first, toUnixTimestamp64Milli(max(ts)) AS last
  FROM (SELECT DISTINCT model, topic, partition, offset, ts FROM erasing WHERE erasure = {erasure:String} AND kind = 'predictions') GROUP BY model ORDER BY model`;

/** The same by day (UTC). Parameters: erasure. */
export const NOTED_BY_DAY = `SELECT model, toString(toDate(ts, 'UTC')) AS day, count() AS rows
  FROM (SELECT DISTINCT model, topic, partition, offset, ts FROM erasing WHERE erasure = {erasure:String} AND kind = 'predictions') GROUP BY model, day ORDER BY model, day`;

const OF_TABLES = PERSON_TABLES.map(literal).join(', ');

/** Noted rows by table. Parameters: erasure. */
export const NOTED_BY_TABLE = `SELECT kind AS table, count() AS rows
  FROM (SELECT DISTINCT kind, topic, partition, offset, id FROM erasing WHERE erasure = {erasure:String} AND kind IN (${OF_TABLES})) GROUP BY kind ORDER BY kind`;
