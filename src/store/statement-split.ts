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
  /(?<comment>--[^\n]*|#[ !][^\n]*|\/\*[\s\S]*?(?:\*\/|$))|(?<quoted>'(?:[^'\\]|\\[\s\S]|'')*(?:'|$)|"(?:[^"\\]|\\[\s\S]|"")*(?:"|$)|`(?:[^`\\]|\\[\s\S]|``)*(?:`|$)|\$(?<tag>\w*)\$[\s\S]*?(?:\$\k<tag>\$|$))|(?<space>\s+)|(?<word>[A-Za-z_]\w*)|(?<other>[\s\S])/gu;

/** Lexes ClickHouse SQL; concatenating the tokens gives the text back. */
export function* sqlTokens(sql: string): Generator<SqlToken> {
  for (const match of sql.matchAll(TOKEN)) {
    const groups = match.groups ?? {};
    const kind =
      (['comment', 'quoted', 'space', 'word'] as const).find((name) => groups[name] !== undefined) ?? 'other';
    yield { kind, text: match[0], at: match.index };
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
