/** `npm run bench -- <name…> [--json] [--quick] [--plots <folder>] [--seed <number>] [--minutes <number>] [--only <part>]`: runs test/bench/<name>.ts from the sources and prints its report. */
import '../support/typescript.mjs';
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

const here = dirname(fileURLToPath(import.meta.url));
const flags = {
  json: { type: 'boolean', default: false },
  quick: { type: 'boolean', default: false },
  plots: { type: 'string' },
  seed: { type: 'string' },
  minutes: { type: 'string' },
  only: { type: 'string', multiple: true, default: [] },
  help: { type: 'boolean', short: 'h', default: false },
};
const USAGE =
  'npm run bench -- <name…> [--quick] [--json] [--only <part>] [--seed <number>] [--minutes <number>] [--plots <folder>]';
const { values, positionals: names } = asked();
const { json, quick, only, plots = null } = values;
const number = (text) => (text === undefined ? null : Number(text));
const options = { json, quick, only, plots, seed: number(values.seed), minutes: number(values.minutes) };
const known = readdirSync(here)
  .filter((file) => file.endsWith('.ts') && file !== 'report.ts')
  .map((file) => file.slice(0, -3));
if (values.help) {
  process.stdout.write(`${USAGE}\nnames: ${known.join(', ')}\n`);
  process.exit(0);
}
const unknown = names.filter((name) => !existsSync(join(here, `${name}.ts`)));
if (names.length === 0 || unknown.length > 0) {
  process.stderr.write(
    `${unknown.length > 0 ? `no benchmark "${unknown.join('", "')}"; ` : ''}choose from: ${known.join(', ')}\n`,
  );
  process.exit(2);
}

/** What was asked; a word that is none ends with the usage. */
function asked() {
  try {
    return parseArgs({ options: flags, allowPositionals: true });
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${USAGE}\n`);
    return process.exit(2);
  }
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
