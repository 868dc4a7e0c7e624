import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const documents = [
  ...readdirSync(root).filter((name) => name.endsWith('.md')),
  ...readdirSync(join(root, 'docs')).flatMap((name) => (name.endsWith('.md') ? [`docs/${name}`] : [])),
];

/** Paths of the repository that a text names in code marks: they begin with a folder of the top level and have no placeholder. */
const PATH = /`((?:src|test|docs|migrations|dashboards|policies)\/[\w./-]*\w\/?)`/gu;

const COMMENT = /\/\*\*[^]*?\*\/|\/\/.*$/gmu;

describe.each(documents)('%s', (document) => {
  const text = readFileSync(join(root, document), 'utf8');

  it('names only paths that exist', () => {
    const named = [...text.matchAll(PATH)]
      .map(([, path]) => path ?? '')
      .filter((path) => !/[A-Z]{3}|\*/u.test(path));
    expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  it('links only to documents that exist', () => {
    const linked = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)(?:#[^)]*)?\)/gu)].map(
      ([, path]) => path ?? '',
    );
    expect(linked.filter((path) => !existsSync(join(root, dirname(document), path)))).toEqual([]);
  });
});

describe('comments', () => {
  const sources = ['src', 'test'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((path) => /\.(?:ts|mjs|cjs)$/u.test(path))
      .map((path) => `${folder}/${path}`),
  );

  it('name only documents that are in the repository', () => {
    const known = new Set(documents.map((path) => path.split('/').at(-1)));
    const absent = sources.flatMap((path) => {
      const comments = readFileSync(join(root, path), 'utf8').match(COMMENT) ?? [];
      const named = comments.flatMap((comment) => comment.match(/\b[\w-]+\.md\b/gu) ?? []);
      return named.filter((name) => !known.has(name)).map((name) => `${path}: ${name}`);
    });
    expect(absent).toEqual([]);
  });

  it('name only classes and functions that there are', () => {
    const texts = new Map(sources.map((path) => [path, readFileSync(join(root, path), 'utf8')]));
    const schema = readFileSync(join(root, 'src/api/schema.graphql'), 'utf8');
    const code = [...texts.values(), schema].map((text) => text.replace(COMMENT, ' ')).join('\n');
    const known = new Set([
      ...(code.match(/[A-Za-z_$][\w$]*/gu) ?? []),
      ...Object.getOwnPropertyNames(globalThis),
    ]);
    const said = [...texts].map(([path, text]) => [path, text.match(COMMENT) ?? []] as const);
    // What changed tells of names that are gone, too.
    const written = documents
      .filter((path) => path !== 'CHANGELOG.md')
      .map((path) => [path, [readFileSync(join(root, path), 'utf8')]] as const);
    const absent = [...said, ...written].flatMap(([path, comments]) =>
      comments
        .flatMap(namedIn)
        .filter((name) => !known.has(name))
        .map((name) => `${path}: ${name}`),
    );
    expect(absent).toEqual([]);
  });
});

/** Names of code: what stands in code marks in two or more words written as one, and what is thrown. */
function namedIn(comment: string): readonly string[] {
  const marked = comment.matchAll(/`([A-Za-z][a-z]+[A-Z]\w*)(?:\.\w+)?(?:\([^`]*\))?`/gu);
  const thrown = comment.matchAll(/Throws? ((?:[A-Z][A-Za-z]+(?:,| and| or)? ?)+)/gu);
  const errors = [...thrown].flatMap(([, names = '']) => names.match(/[A-Z][a-z]+[A-Z]\w*/gu) ?? []);
  return [...[...marked].map(([, name = '']) => name), ...errors];
}
