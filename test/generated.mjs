/** Text that is made from code must be what the code makes. `--write` brings it up to date. */
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What most people set; the README shows these, `docs/configuration.md` all. */
const EVERYDAY = [
  'PORT',
  'HOST',
  'PUBLIC_URL',
  'TIDEWATCH_DATA_DIR',
  'TIDEWATCH_ADMIN_KEY',
  'TIDEWATCH_OIDC_ISSUER',
  'TIDEWATCH_MODELS_DIR',
  'TIDEWATCH_POLICIES_DIR',
  'TIDEWATCH_CHANNELS_FILE',
  'TIDEWATCH_RETRAINING_FILE',
  'TIDEWATCH_CHECKPOINT_SINK',
  'TIDEWATCH_LEDGER_KEY',
  'TIDEWATCH_WEBHOOK_ALLOW',
  'TIDEWATCH_FALSE_ALERT_DAYS',
  'TIDEWATCH_KEEP_EVENTS',
  'CLICKHOUSE_URL',
  'KAFKA_BROKERS',
  'SLACK_BOT_TOKEN',
  'SLACK_SIGNING_SECRET',
  'SMTP_URL',
  'LOG_LEVEL',
];
const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const write = process.argv.includes('--write');
const problems = [];

const { VARIABLES } = await import('../dist/config/environment.js');
between('README.md', 'configuration', environmentTable(everyday(VARIABLES)));
between('docs/configuration.md', 'configuration', environmentTable(VARIABLES));
const { permissionTable, roleTable } = await import('../dist/domain/roles.js');
between('docs/operations.md', 'roles', roleTable());
between('docs/operations.md', 'permissions', permissionTable());
lockHasAllEngines();

if (problems.length > 0) {
  process.stdout.write(`${problems.join('\n')}\n`);
  process.exit(1);
}

/** Replaces or compares what stands between `<!-- name -->` and `<!-- /name -->`. */
function between(file, name, text) {
  const path = join(root, file);
  const old = readFileSync(path, 'utf8');
  const pattern = new RegExp(`(<!-- ${name} -->\\n)[\\s\\S]*?(\\n<!-- /${name} -->)`);
  if (!pattern.test(old))
    return problems.push(`${file}: the marks <!-- ${name} --> … <!-- /${name} --> are missing`);
  const next = old.replace(pattern, (_, open, close) => `${open}${text}${close}`);
  if (next === old) return undefined;
  if (write) return writeFileSync(path, next);
  return problems.push(`${file}: "${name}" is out of date: node test/generated.mjs --write`);
}

function everyday(variables) {
  for (const name of EVERYDAY) if (!variables[name]) problems.push(`test/generated.mjs: no variable ${name}`);
  return Object.fromEntries(Object.entries(variables).filter(([name]) => EVERYDAY.includes(name)));
}

/** A table of settings, one row a variable. */
function environmentTable(variables) {
  const rows = Object.entries(variables).map(([name, { secret, fallback, help }]) => {
    const file = secret ? ` (or \`${name}_FILE\`)` : '';
    return `| \`${name}\`${file} | ${fallback ? `\`${fallback}\`` : ''} | ${help} |`;
  });
  return ['| variable | default | meaning |', '|---|---|---|', ...rows].join('\n');
}

/**
 * A lock made where a registry lacks some platforms' packages must still name them, or npm 11 refuses `npm ci` everywhere. A missing entry
 * is added by hand: version, os, cpu, libc, `optional: true`, no integrity.
 */
function lockHasAllEngines() {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  for (const [place, entry] of Object.entries(packages)) {
    for (const name of Object.keys(entry.optionalDependencies ?? {})) {
      const found = packages[`${place}/node_modules/${name}`] ?? packages[`node_modules/${name}`];
      if (!found)
        problems.push(`package-lock.json: ${name} is missing (optional for ${place || 'the project'})`);
    }
  }
  const addresses = Object.values(packages).filter((entry) => entry.resolved?.startsWith('http')).length;
  if (addresses > 0) problems.push(`package-lock.json: ${addresses} download addresses recorded; see .npmrc`);
}
