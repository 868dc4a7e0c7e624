/**
 * `npm run check`, step "wires": nothing in production may end in a wall. Fails on modules no entry point reaches, on properties and
 * settings that are never read, on ledger actions nothing can bring about, on one constant name with two values, on one exported type name for two things, and on decisions by the words of a sentence. What waits for work
 * that is planned stands in `test/wires/allow.json` with the reason; an entry there that is not needed any more fails as well.
 * Usage: node test/wires.mjs [ROOT]
 */
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { wireProblems } from './wires/check.mjs';

const problems = wireProblems(
  resolve(process.argv[2] ?? join(dirname(fileURLToPath(import.meta.url)), '..')),
);
if (problems.length > 0) {
  process.stdout.write(`${problems.join('\n')}\n`);
  process.exit(1);
}
