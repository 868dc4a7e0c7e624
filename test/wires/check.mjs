/** What `test/wires.mjs` prints: findings that are not allowed, and allowances that are not needed. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { unwrittenActions } from './actions.mjs';
import { contradictingConstants } from './constants.mjs';
import { wrongDocuments } from './documents.mjs';
import { unreachedModules } from './modules.mjs';
import { productionProgram } from './program.mjs';
import { unreadProperties } from './properties.mjs';
import { readSentences } from './sentences.mjs';
import { repeatedWords } from './words.mjs';

/** Kind of finding, what to say of it, and what finds it. */
const CHECKS = [
  ['modules', 'is reached by no entry point: wire it, move it to test/, or delete it', unreachedModules],
  ['properties', 'is declared and read nowhere: read it or delete it', unreadProperties],
  ['documents', 'ask and read what src/api/schema.graphql has', wrongDocuments],
  ['actions', 'is an action nothing can bring about: give it a door', unwrittenActions],
  ['constants', 'is one name for different values: rename one of them', contradictingConstants],
  [
    'sentences',
    'is a sentence that something is decided by: keep a code beside it and read that',
    readSentences,
  ],
  ['words', 'is one word for two things: rename one of them (docs/glossary.md)', repeatedWords],
];

/** Problems of the checkout at `root`, a line each; none when everything is wired or allowed with a reason. */
export function wireProblems(root) {
  const allowFile = join(root, 'test', 'wires', 'allow.json');
  /** @type {Record<string, Record<string, string>>} reason by finding (or its beginning and `*`) by kind */
  const allowed = existsSync(allowFile) ? JSON.parse(readFileSync(allowFile, 'utf8')) : {};
  const production = productionProgram(root);
  return CHECKS.flatMap(([kind, saying, find]) => judge(find(production), allowed[kind] ?? {}, saying));
}

/** What is found and not allowed, then what is allowed and not found. */
function judge(found, reasons, saying) {
  const patterns = Object.keys(reasons);
  const open = found.filter((one) => !patterns.some((pattern) => fits(pattern, one)));
  const stale = patterns.filter((pattern) => !found.some((one) => fits(pattern, one)));
  return [
    ...open.map((one) => `${one}: ${saying}`),
    ...stale.map((pattern) => `test/wires/allow.json: "${pattern}" is not needed any more: take it out`),
  ];
}

function fits(pattern, one) {
  return pattern.endsWith('*')
    ? one.startsWith(pattern.slice(0, -1))
    : one === pattern || one.split(' ')[0] === pattern;
}
