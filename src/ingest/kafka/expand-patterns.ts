import { readdir, stat } from 'node:fs/promises';
import { join, parse, relative, resolve, sep } from 'node:path';

/**
 * Files that patterns name, absolute, sorted, each once. `*` and `?` stand for any characters of one name, `**` for any
 * folders. Throws where one of them names no file: what is left out in silence is missed.
 */
export async function expandPatterns(patterns: readonly string[]): Promise<readonly string[]> {
  const found = new Set<string>();
  for (const pattern of patterns) {
    const files = await expand(resolve(pattern));
    if (files.length === 0)
      throw new Error(`no file is named ${pattern} (\`*\`, \`?\` and \`**\` stand for several)`);
    for (const file of files) found.add(file);
  }
  return [...found].toSorted();
}

async function expand(pattern: string): Promise<readonly string[]> {
  if (!/[*?]/u.test(pattern)) {
    const info = await stat(pattern).catch(() => null);
    if (!info?.isFile()) throw new Error(`there is no file ${pattern}`);
    return [pattern];
  }
  const { root } = parse(pattern);
  const names = relative(root, pattern).split(sep);
  const first = names.findIndex((name) => /[*?]/u.test(name));
  return walk(join(root, ...names.slice(0, first)), names.slice(first));
}

async function walk(folder: string, names: readonly string[]): Promise<string[]> {
  const [name, ...rest] = names;
  if (name === undefined) return [];
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  if (name === '**') {
    const folders = entries.filter((entry) => entry.isDirectory());
    const deeper = folders.map(async (entry) => walk(join(folder, entry.name), names));
    return [...(await walk(folder, rest)), ...(await Promise.all(deeper)).flat()];
  }
  const expression = new RegExp(
    `^${name
      .replace(/[.+^${}()|[\]\\]/gu, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
    'u',
  );
  const matching = entries.filter((entry) => expression.test(entry.name));
  if (rest.length === 0)
    return matching.filter((entry) => entry.isFile()).map((entry) => join(folder, entry.name));
  const folders = matching.filter((entry) => entry.isDirectory());
  return (await Promise.all(folders.map(async (entry) => walk(join(folder, entry.name), rest)))).flat();
}
