/**
 * Types that are made from the SDL: `src/api/schema.generated.ts` has what people may send. What the command line asks and is answered is held against the
 * SDL by `test/wires/documents.mjs`. `npm run check` fails where they are out of date; `--write` brings them up to date.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { codegen } from '@graphql-codegen/core';
import * as typescript from '@graphql-codegen/typescript';
import { Kind, parse } from 'graphql';
import { format, resolveConfig } from 'prettier';
import { enumValues } from '../dist/api/enum-values.js';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const write = process.argv.includes('--write');
const HEAD = '// Made from src/api/schema.graphql: node test/schema-types.mjs --write\n';
const sdl = readFileSync(join(root, 'src/api/schema.graphql'), 'utf8');
const schema = parse(sdl);
/** Scalars as resolvers get them (`src/api/scalars.ts`). */
const CONFIG = {
  enumsAsTypes: true,
  immutableTypes: true,
  skipTypename: true,
  disableDescriptions: true,
  useTypeImports: true,
  avoidOptionals: { defaultValue: true },
  scalars: { DateTime: { input: 'Date', output: 'string' }, JSON: 'unknown' },
};
const problems = [];
await keep('src/api/schema.generated.ts', await inputsOf());
if (problems.length > 0) {
  process.stdout.write(`${problems.join('\n')}\n`);
  process.exit(1);
}

/** Enums, inputs and arguments; what is answered has types of its own in the code. */
async function inputsOf() {
  const whole = await codegen({
    filename: 'schema.generated.ts',
    schema,
    documents: [],
    config: {},
    plugins: [{ typescript: { ...CONFIG, enumValues: enumValues(sdl) } }],
    pluginMap: { typescript },
  });
  const wanted = new Set(
    schema.definitions
      .filter(({ kind }) => kind === Kind.ENUM_TYPE_DEFINITION || kind === Kind.INPUT_OBJECT_TYPE_DEFINITION)
      .map(({ name }) => name.value),
  );
  const isWanted = (name) =>
    wanted.has(name) || name.endsWith('Args') || ['Maybe', 'InputMaybe', 'Scalars'].includes(name);
  const blocks = whole.split(/\n(?=export type )/u);
  return blocks.filter((block) => isWanted(/^export type (\w+)/u.exec(block)?.[1] ?? '')).join('\n');
}

async function keep(path, text) {
  const file = join(root, path);
  const next = await format(HEAD + text, { ...(await resolveConfig(file)), filepath: file });
  if (write) return writeFileSync(file, next);
  const old = readFileSync(file, 'utf8');
  if (next !== old) problems.push(`${path} is out of date: node test/schema-types.mjs --write`);
  return undefined;
}
