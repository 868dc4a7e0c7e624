/** The production program: what `src/` holds without specs, parsed and typed by the TypeScript compiler. */
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import ts from 'typescript';

/** Where production begins: the service, the command line, and the first step of every npm script. */
export const ENTRIES = ['src/main.ts', 'src/cli/main.ts', 'src/cli/prepare.mjs'];

/** Every file below a folder whose name fits. */
export function filesBelow(folder, fits) {
  return readdirSync(folder)
    .map((name) => join(folder, name))
    .flatMap((path) =>
      statSync(path).isDirectory() ? filesBelow(path, fits) : fits.test(path) ? [path] : [],
    );
}

/** `{root, program, checker, sources}` of the checkout at `root`; `sources` are the files of `src/` that are not specs. */
export function productionProgram(root) {
  const all = filesBelow(join(root, 'src'), /\.(ts|mjs)$/).filter((path) => !/\.(spec|d)\.ts$/.test(path));
  const host = { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => undefined };
  const { options } = ts.getParsedCommandLineOfConfigFile(join(root, 'tsconfig.json'), {}, host) ?? {};
  const program = ts.createProgram(all, { ...options, noEmit: true, incremental: false, allowJs: true });
  const wanted = new Set(all.map((path) => resolve(path)));
  const sources = program.getSourceFiles().filter(({ fileName }) => wanted.has(resolve(fileName)));
  return { root, program, checker: program.getTypeChecker(), sources };
}

/** A file's path as people write it: from the root, with forward slashes. */
export function nameOf({ root }, source) {
  return relative(root, source.fileName).split(sep).join('/');
}

/** Calls `see` for a node and everything below it. */
export function walk(node, see) {
  see(node);
  ts.forEachChild(node, (child) => walk(child, see));
}

/** The words of files that read production's names from outside TypeScript: schemas, SQL, dashboards, scripts of the pages. */
export function wordsOutside(root) {
  const texts = ['src', 'migrations', 'dashboards'].flatMap((folder) =>
    filesBelow(join(root, folder), /\.(graphql|sql|json|js)$/).map((path) => readFileSync(path, 'utf8')),
  );
  return new Set(texts.flatMap((text) => text.match(/[A-Za-z_]\w*/g) ?? []));
}
