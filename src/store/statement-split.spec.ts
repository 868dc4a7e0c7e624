import fc from 'fast-check';
import { expect, it } from 'vitest';
import { splitStatements, sqlTokens } from './statement-split.js';

it('splits at semicolons that are code', () => {
  expect(splitStatements('SELECT 1;\nSELECT 2 ;; ;\n')).toEqual(['SELECT 1', 'SELECT 2']);
  expect(splitStatements('SELECT 1')).toEqual(['SELECT 1']);
  expect(splitStatements(' \n-- nothing; here\n/* or; here */')).toEqual([]);
});

it.each([
  ["SELECT 'a;b'"],
  ["SELECT 'it''s; fine'"],
  ["SELECT 'back\\'slash; quote'"],
  ["SELECT 'ends in backslash\\\\'"],
  ['SELECT "col;umn", `ta;ble`'],
  ['SELECT $$a;b$$, $tag$c;$$d$tag$'],
  ['SELECT 1 -- a; comment\n + 2'],
  ['SELECT 1 # a; comment\n + 2'],
  ['SELECT /* a; comment\n; */ 1'],
  ["SELECT '-- not; a comment', '/* nor; this */'"],
])('leaves %s whole', (statement) => {
  expect(splitStatements(`${statement};\n${statement}`)).toEqual([statement, statement]);
});

it('keeps the comments before a statement with it', () => {
  expect(splitStatements('-- why\nSELECT 1;\n-- and\nSELECT 2;')).toEqual([
    '-- why\nSELECT 1',
    '-- and\nSELECT 2',
  ]);
});

it('lets nothing that is not closed hide a statement it does not end', () => {
  expect(splitStatements("SELECT 1; SELECT 'open; DROP TABLE x")).toEqual([
    'SELECT 1',
    "SELECT 'open; DROP TABLE x",
  ]);
  expect(splitStatements('SELECT 1; /* open; DROP TABLE x')).toEqual(['SELECT 1']);
});

it('loses no character', () => {
  const sql = fc.array(
    fc.constantFrom(
      "'",
      '"',
      '`',
      '\\',
      ';',
      '--',
      '/*',
      '*/',
      '\n',
      ' ',
      '$',
      '$a$',
      'SELECT',
      '1',
      '😀',
      '{',
      '#!',
    ),
  );
  fc.assert(
    fc.property(
      sql,
      (parts) => [...sqlTokens(parts.join(''))].map(({ text }) => text).join('') === parts.join(''),
    ),
  );
});
