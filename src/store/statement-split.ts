/** A piece of SQL text: `code` and everything that must be left alone when SQL is split or searched. */
export interface SqlToken {
  readonly kind: 'word' | 'quoted' | 'comment' | 'space' | 'other';
  readonly text: string;
  readonly at: number;
}

/**
 * One alternative a lexical class of ClickHouse SQL. Quotes end at an unescaped quote (both `\'` and `''` escape it), block
 * comments nest in no dialect we write, and an unterminated quote or comment runs to the end so that it can never hide code.
 */
const TOKEN =
  /[A-Za-z_]\w*|\s+|\d+|--[^\n]*|#[ !][^\n]*|\/\*[\s\S]*?(?:\*\/|$)|'(?:[^'\\]|\\[\s\S]|'')*(?:'|$)|"(?:[^"\\]|\\[\s\S]|"")*(?:"|$)|`(?:[^`\\]|\\[\s\S]|``)*(?:`|$)|\$(?<tag>\w*)\$[\s\S]*?(?:\$\k<tag>\$|$)|[\s\S]/gu;

/** Told by its beginning: groups of the expression by name would take twice the time, and every statement is lexed before it runs. */
function kindOf(text: string): SqlToken['kind'] {
  if (/^[A-Za-z_]/u.test(text)) return 'word';
  if (/^\s/u.test(text)) return 'space';
  // What only opens something, and ends with it, hides nothing.
  if (text.length === 1) return 'other';
  if (/^[-#/]/u.test(text)) return 'comment';
  return /^['"`$]/u.test(text) ? 'quoted' : 'other';
}

/** Lexes ClickHouse SQL; concatenating the tokens gives the text back. */
export function* sqlTokens(sql: string): Generator<SqlToken> {
  for (const match of sql.matchAll(TOKEN)) {
    yield { kind: kindOf(match[0]), text: match[0], at: match.index };
  }
}

/**
 * Splits a script into statements at semicolons that are neither quoted nor commented. Statements come trimmed, with their
 * comments, without the semicolon; a piece that is only comments is dropped.
 */
export function splitStatements(script: string): readonly string[] {
  const statements: string[] = [];
  let start = 0;
  let hasCode = false;
  const cut = (end: number): void => {
    if (hasCode) statements.push(script.slice(start, end).trim());
    start = end + 1;
    hasCode = false;
  };
  for (const token of sqlTokens(script)) {
    if (token.kind === 'other' && token.text === ';') cut(token.at);
    else hasCode ||= token.kind !== 'comment' && token.kind !== 'space';
  }
  cut(script.length);
  return statements;
}
