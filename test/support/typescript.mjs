/** `node --import test/support/typescript.mjs file.ts`: runs the sources as they are in a child process of a test. */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire, register } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What was translated before: the compiler takes longer to load than many a process under test to do its work. */
const KEPT = fileURLToPath(new URL('../../node_modules/.cache/tidewatch-typescript', import.meta.url));
/** Part of the names of what is kept: to be raised with what follows. */
const OPTIONS_VERSION = 1;

// The same file is the hook's thread: only the main thread registers it.
if (!process.env.TIDEWATCH_TYPESCRIPT_HOOK) {
  process.env.TIDEWATCH_TYPESCRIPT_HOOK = '1';
  register(import.meta.url);
}

export async function resolve(specifier, context, next) {
  if (specifier.startsWith('.') && specifier.endsWith('.js') && context.parentURL?.endsWith('.ts')) {
    return next(specifier.replace(/\.js$/u, '.ts'), context);
  }
  return next(specifier, context);
}

export async function load(url, context, next) {
  if (!url.endsWith('.ts')) return next(url, context);
  const path = fileURLToPath(url);
  const text = readFileSync(path, 'utf8');
  const name = createHash('sha256').update(`${OPTIONS_VERSION} ${path}\n${text}`).digest('hex');
  const kept = join(KEPT, `${name}.mjs`);
  return { format: 'module', source: textOf(kept) ?? translated(path, text, kept), shortCircuit: true };
}

function textOf(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

function translated(path, text, kept) {
  const ts = createRequire(import.meta.url)('typescript');
  const compilerOptions = {
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.ESNext,
    verbatimModuleSyntax: true,
    experimentalDecorators: true,
    emitDecoratorMetadata: true,
    inlineSourceMap: true,
  };
  const { outputText } = ts.transpileModule(text, { compilerOptions, fileName: path });
  mkdirSync(KEPT, { recursive: true });
  // Several processes may start at once: each writes a file of its own.
  const temporary = `${kept}.${process.pid}`;
  writeFileSync(temporary, outputText);
  renameSync(temporary, kept);
  return outputText;
}
