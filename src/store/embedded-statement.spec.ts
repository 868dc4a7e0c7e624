import { expect, it } from 'vitest';
import { withSettings } from './embedded-statement.js';

const settings = { max_execution_time: 5, async_insert: false };
const CLAUSE = 'max_execution_time=5, async_insert=0';

it.each([
  ['SELECT 1', `SELECT 1\nFORMAT JSONEachRow SETTINGS ${CLAUSE}`],
  ['SELECT 1; -- why\n;', `SELECT 1\nFORMAT JSONEachRow SETTINGS ${CLAUSE}`],
  ["SELECT ';' -- tail", `SELECT ';'\nFORMAT JSONEachRow SETTINGS ${CLAUSE}`],
  ['DELETE FROM t WHERE x = 1', `DELETE FROM t WHERE x = 1\nSETTINGS ${CLAUSE}`],
  ['INSERT INTO t SELECT 1', `INSERT INTO t SETTINGS ${CLAUSE} SELECT 1`],
  [
    'insert into t (a, select) with 1 as x select x',
    `insert into t (a, select) SETTINGS ${CLAUSE} with 1 as x select x`,
  ],
  ['INSERT INTO t SETTINGS a=1 SELECT 1', `INSERT INTO t SETTINGS ${CLAUSE},  a=1 SELECT 1`],
  ["INSERT INTO t VALUES ('SELECT')", `INSERT INTO t SETTINGS ${CLAUSE} VALUES ('SELECT')`],
  ['SYSTEM FLUSH LOGS', 'SYSTEM FLUSH LOGS'],
])('%s', (sql, expected) => {
  expect(withSettings(sql, settings, 'JSONEachRow')).toBe(expected);
});

it.each([
  ['a text with a quote', { log_comment: "x'; DROP TABLE t; --" }],
  ['a text with a backslash', { log_comment: '\\' }],
  ['a name that is no word', { 'a = 1; DROP TABLE t; --': 1 }],
  ['a number that is none', { max_threads: Number.NaN }],
])('refuses %s', (_, wrong) => {
  expect(() => withSettings('SELECT 1', wrong, 'Null')).toThrow(
    expect.objectContaining({ code: 'INVALID_SETTING' }),
  );
});
