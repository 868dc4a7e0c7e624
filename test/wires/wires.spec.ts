import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';

const { wireProblems } = (await import(new URL('check.mjs', import.meta.url).href)) as {
  wireProblems: (root: string) => readonly string[];
};
const ACTIONS = `export const ACTIONS = { 'thing.made': 'Made.', 'thing.lost': 'Lost.' } as const;`;
const MAIN = `import { make } from './make.js';
const made = make({ size: 1 });
if (made.action === 'thing.lost') process.exit(made.size);`;
const MAKE = `const MOST_THINGS = 3;
export interface Order { readonly size: number }
export function make({ size }: Order) { return { action: 'thing.made', size: Math.min(size, MOST_THINGS) }; }`;

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tidewatch-wires-'));
  mkdirSync(join(root, 'migrations'));
  mkdirSync(join(root, 'dashboards'));
  put(
    'tsconfig.json',
    '{"compilerOptions":{"target":"es2022","module":"nodenext","strict":true},"include":["src"]}',
  );
  put('src/domain/actions.ts', ACTIONS.replace(`, 'thing.lost': 'Lost.'`, ''));
  put('src/main.ts', `import './domain/actions.js';\n${MAIN}`);
  put('src/make.ts', MAKE);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

it('says nothing where every wire ends at something', () => {
  expect(wireProblems(root)).toEqual([]);
});

it('names a module that only a spec reaches', () => {
  put('src/idle.ts', 'export const idle = 1;');
  put('src/idle.spec.ts', `import { idle } from './idle.js';\nexport const seen = idle;`);
  expect(wireProblems(root)).toEqual([
    expect.stringMatching(/^src\/idle\.ts: is reached by no entry point/u),
  ]);
});

it('names a property that is written and never read', () => {
  put(
    'src/make.ts',
    MAKE.replace('readonly size: number', 'readonly size: number; readonly colour?: string'),
  );
  expect(wireProblems(root)).toEqual([
    expect.stringMatching(/^src\/make\.ts colour: is declared and read nowhere/u),
  ]);
});

it('takes a name in SQL or in the schema of the API for read', () => {
  put(
    'src/make.ts',
    MAKE.replace('readonly size: number', 'readonly size: number; readonly colour?: string'),
  );
  put('src/api.graphql', 'type Thing { colour: String }');
  expect(wireProblems(root)).toEqual([]);
});

it('names an action that reached code only compares with', () => {
  put('src/domain/actions.ts', ACTIONS);
  expect(wireProblems(root)).toEqual([
    expect.stringMatching(/^thing\.lost: is an action nothing can bring about/u),
  ]);
});

it('names an action that is written by a function nobody calls', () => {
  put('src/domain/actions.ts', ACTIONS);
  put('src/make.ts', `${MAKE}\nexport function lose() { return { action: 'thing.lost' }; }`);
  expect(wireProblems(root)).toEqual([expect.stringMatching(/^thing\.lost: is an action/u)]);
});

it('names one constant with two values', () => {
  put('src/make.ts', `import './other.js';\n${MAKE}`);
  put('src/other.ts', 'export const MOST_THINGS = 4;');
  expect(wireProblems(root)).toEqual([expect.stringMatching(/^MOST_THINGS .*= 3 \| .*= 4: is one name/u)]);
});

it('names one word for two things', () => {
  put('src/make.ts', `import './other.js';\n${MAKE}`);
  put('src/other.ts', 'export class Order {}');
  expect(wireProblems(root)).toEqual([
    expect.stringMatching(/^Order src\/make\.ts src\/other\.ts: is one word for two things/u),
  ]);
});

it('lets pass what is allowed with a reason, and names what is allowed in vain', () => {
  put('src/idle.ts', 'export const idle = 1;');
  put(
    'test/wires/allow.json',
    JSON.stringify({ modules: { 'src/idle.ts': 'comes next', 'src/gone.ts': 'was here' } }),
  );
  expect(wireProblems(root)).toEqual([
    'test/wires/allow.json: "src/gone.ts" is not needed any more: take it out',
  ]);
});

function put(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

it('names a document and the type of an answer that the schema of the API does not bear out', () => {
  put(
    'src/api/schema.graphql',
    'type Thing { size: Int! name: String kind: Kind! } enum Kind { RED BLUE } type Query { thing(id: ID!): Thing! }',
  );
  put('src/cli/client.ts', 'export class ApiClient { async query<T>(text: string): Promise<T> { return JSON.parse(text) as T; } }');
  const asking = (read: string, fields: string) => `import { ApiClient } from './client.js';
const FIELDS = '${fields}';
const ask = async (id: string) => new ApiClient().query<{ thing: { ${read} } }>(\`{ thing(\${id}) { \${FIELDS} } }\`);
const { thing } = await ask('id: 1');
process.exit(Object.keys(thing).length);`;
  const found = (read: string, fields: string) => {
    put('src/cli/main.ts', asking(read, fields));
    return wireProblems(root).filter((one) => one.includes('schema.graphql'));
  };
  const right = "size: number; name: string | null; kind: 'RED' | 'BLUE'";
  expect(found(right, 'size name kind')).toEqual([]);
  expect(found(right, 'size name kind weight')).toEqual([expect.stringContaining('Cannot query field "weight"')]);
  expect(found(right, 'size kind')).toEqual([expect.stringContaining('reads thing.name, which its document does not ask for')]);
  expect(found('name: string', 'name')).toEqual([expect.stringContaining('reads thing.name as if it never were null')]);
  expect(found('size: number | null', 'size')).toEqual([expect.stringContaining('reads thing.size as if it could be null')]);
  expect(found('size: string', 'size')).toEqual([expect.stringContaining('reads thing.size, a Int, as something else')]);
  expect(found("kind: 'RED'", 'kind')).toEqual([expect.stringContaining('reads thing.kind as if it were never BLUE')]);
  expect(found('size: number[]', 'size')).toEqual([expect.stringContaining('reads thing.size, a Int, as something else')]);
}); // prettier-ignore

it('names a walk over pages whose document, or whose type of a node, the schema does not bear out', () => {
  put(
    'src/api/schema.graphql',
    'type Thing { size: Int! } type Info { hasNextPage: Boolean! endCursor: String } type Things { nodes: [Thing!]! pageInfo: Info! } type Query { things(after: String): Things! }',
  );
  put('src/cli/client.ts', 'export class ApiClient { async *nodes<T>(field: string, text: string): AsyncGenerator<T, void, undefined> { yield JSON.parse(text)[field] as T; } }');
  const found = (read: string, document: string) => {
    put('src/cli/main.ts', `import { ApiClient } from './client.js';
for await (const one of new ApiClient().nodes<{ ${read} }>('things', '${document}')) process.exit(Object.keys(one).length);`);
    return wireProblems(root).filter((one) => one.includes('schema.graphql'));
  };
  const page = 'pageInfo { hasNextPage endCursor }';
  const walk = (selection: string) => `query ($after: String) { things(after: $after) { ${selection} } }`;
  expect(found('size: number', walk(`nodes { size } ${page}`))).toEqual([]);
  expect(found('size: string', walk(`nodes { size } ${page}`))).toEqual([expect.stringContaining('reads things.nodes.size, a Int, as something else')]);
  expect(found('size: number; name: string', walk(`nodes { size } ${page}`))).toEqual([expect.stringContaining('reads things.nodes.name, which its document does not ask for')]);
  expect(found('size: number', walk('nodes { size } pageInfo { endCursor }'))).toEqual([expect.stringContaining('walks the pages of things without')]);
  expect(found('size: number', `{ things { nodes { size } ${page} } }`)).toEqual([expect.stringContaining('walks the pages of things without')]);
}); // prettier-ignore

it('names a sentence that decides, and not one that is made or shown', () => {
  const made = (body: string) =>
    put('src/make.ts', `${MAKE}\nexport interface Said { readonly summary: string }\nexport function decide({ summary }: Said) { ${body} }`);
  const main = MAIN.replace('{ make }', '{ decide, make }');
  put('src/main.ts', `import './domain/actions.js';\n${main}\nprocess.stdout.write(String(decide({ summary: 'x' })));`);
  const found = [expect.stringMatching(/^src\/make\.ts summary: is a sentence that something is decided by/u)];
  for (const body of ["return summary.startsWith('no rows');", "return /× \\d/u.test(summary);", "return summary === 'no rows';"]) {
    made(body);
    expect(wireProblems(root), body).toEqual(found);
  }
  for (const body of ['return `${summary}; more`;', "return summary === '';", "return ['a'].includes(summary);"]) {
    made(body);
    expect(wireProblems(root), body).toEqual([]);
  }
}); // prettier-ignore
