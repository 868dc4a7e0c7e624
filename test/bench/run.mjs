/** `npm run bench -- <name…> [--json] [--quick] [--plots <folder>]`: runs test/bench/<name>.ts from the sources and prints its report. */
import '../support/typescript.mjs';
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const given = process.argv.slice(2);
const at = given.indexOf('--plots');
const plots = at < 0 ? null : (given[at + 1] ?? 'docs/plots');
const options = { json: given.includes('--json'), quick: given.includes('--quick'), plots };
const names = given.filter((argument, i) => !argument.startsWith('--') && (at < 0 || i !== at + 1));
const known = readdirSync(here)
  .filter((file) => file.endsWith('.ts') && file !== 'report.ts')
  .map((file) => file.slice(0, -3));
const unknown = names.filter((name) => !existsSync(join(here, `${name}.ts`)));
if (names.length === 0 || unknown.length > 0) {
  process.stderr.write(
    `${unknown.length > 0 ? `no benchmark "${unknown.join('", "')}"; ` : ''}choose from: ${known.join(', ')}\n`,
  );
  process.exit(2);
}

const { tableText } = await import(pathToFileURL(join(here, 'report.ts')).href);
const reports = [];
for (const name of names) {
  const { run } = await import(pathToFileURL(join(here, `${name}.ts`)).href);
  const report = await run(options);
  reports.push(report);
  if (!options.json)
    process.stdout.write(`${[...report.tables.map(tableText), ...report.notes].join('\n\n')}\n`);
}
if (options.json)
  process.stdout.write(`${JSON.stringify(reports.length === 1 ? reports[0] : reports, null, 2)}\n`);
