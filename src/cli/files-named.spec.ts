import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { filesNamed } from './files-named.js';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tidewatch-named-'));
  for (const name of ['models/deep', 'others', 'none']) mkdirSync(join(folder, name), { recursive: true });
  for (const name of ['models/a.yaml', 'models/b.yml', 'models/c*.yaml', 'models/deep/d.yaml', 'others/e.yaml', 'models/data.csv'])
    writeFileSync(join(folder, name), name);
}); // prettier-ignore
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function named(...paths: readonly string[]) {
  const { files, problems } = await filesNamed(paths.map((path) => join(folder, path)), 'model files'); // prettier-ignore
  return { names: files.map(({ name }) => relative(folder, name)), problems };
}

it.each([
  ['models/a.*', ['models/a.yaml']],
  ['models/*', ['models/a.yaml', 'models/b.yml', 'models/c*.yaml']],
  ['models/?.yml', ['models/b.yml']],
  ['**/*.yaml', ['models/a.yaml', 'models/c*.yaml', 'models/deep/d.yaml', 'others/e.yaml']],
  ['*/deep/*', ['models/deep/d.yaml']],
  ['models/c*.yaml', ['models/c*.yaml']],
])('takes %s as a shell does', async (pattern, names) => {
  expect(await named(pattern)).toEqual({ names, problems: [] });
});

it('takes several, each file once, and names what names nothing', async () => {
  const { names, problems } = await named('models/deep', 'models/deep/*.yaml', 'others/*.yaml', 'absent.yaml', 'none', 'models/*.json'); // prettier-ignore
  expect(names).toEqual(['models/deep/d.yaml', 'others/e.yaml']);
  expect(problems).toEqual([
    `there is no file or folder ${join(folder, 'absent.yaml')}`,
    `no model files (*.yaml) in the folder ${join(folder, 'none')}`,
    `no model files (*.yaml) fit the pattern ${join(folder, 'models/*.json')}`,
  ]);
  await expect(named('models/*.json', 'none')).rejects.toThrow(/fit the pattern .*\n.*in the folder/u);
});
