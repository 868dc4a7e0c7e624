import type { Settings } from './database.js';
import { settingsClause } from './sql-literal.js';
import { sqlTokens, type SqlToken } from './statement-split.js';

/** Where a statement's own clauses may start after `INSERT INTO t (…)`. */
const INSERT_BODY = new Set(['SELECT', 'WITH', 'VALUES', 'FORMAT', 'SETTINGS', 'FROM', 'WATCH']);
/** Statements whose grammar ends in SETTINGS without a FORMAT before it. */
const PLAIN_TAIL = new Set(['DELETE', 'UPDATE']);
/** Statements that take no settings and that end at once. */
const NO_SETTINGS = new Set(['SYSTEM', 'SET', 'USE', 'GRANT', 'REVOKE']);

/**
 * One statement with its settings in its own text. The chDB hook turns per-query settings into `SET`, which stays on the
 * connection for every later statement; a SETTINGS clause ends with the statement. Trailing semicolons go: what follows one
 * would run as another statement.
 */
export function withSettings(sql: string, settings: Settings, format: 'JSONEachRow' | 'Null'): string {
  const tokens = [...sqlTokens(sql)];
  const code = tokens.filter((token) => token.kind !== 'comment' && token.kind !== 'space');
  while (code.at(-1)?.text === ';') code.pop();
  const last = code.at(-1);
  const text = last === undefined ? '' : sql.slice(0, last.at + last.text.length);
  const clause = settingsClause(settings);
  const verb = code[0]?.text.toUpperCase() ?? '';
  if (clause === '' || NO_SETTINGS.has(verb)) return text;
  if (verb === 'INSERT') return intoInsert(text, code, clause);
  if (PLAIN_TAIL.has(verb)) return `${text}\nSETTINGS ${clause}`;
  return `${text}\nFORMAT ${format} SETTINGS ${clause}`;
}

/** `INSERT INTO t (…) SETTINGS … SELECT …`: the clause stands before the body, ahead of settings the statement has already. */
function intoInsert(text: string, code: readonly SqlToken[], clause: string): string {
  let depth = 0;
  for (const token of code.slice(2)) {
    if (token.text === '(') depth += 1;
    if (token.text === ')') depth -= 1;
    const word = token.text.toUpperCase();
    if (depth > 0 || token.kind !== 'word' || !INSERT_BODY.has(word)) continue;
    const before = text.slice(0, token.at);
    if (word === 'SETTINGS')
      return `${before}SETTINGS ${clause}, ${text.slice(token.at + token.text.length)}`;
    return `${before}SETTINGS ${clause} ${text.slice(token.at)}`;
  }
  return text;
}
