/** Modules that no entry point reaches: what only specs, benches and oracles import is not part of the product. */
import { resolve } from 'node:path';
import ts from 'typescript';
import { ENTRIES, nameOf, walk } from './program.mjs';

/** Paths of unreached modules, in order. */
export function unreachedModules(production) {
  const byPath = new Map(production.sources.map((source) => [resolve(source.fileName), source]));
  const seen = new Set();
  const visit = (path) => {
    const source = byPath.get(path);
    if (!source || seen.has(path)) return;
    seen.add(path);
    importsOf(source).forEach((target) => visit(target));
  };
  ENTRIES.forEach((entry) => visit(resolve(production.root, entry)));
  return [...byPath]
    .filter(([path]) => !seen.has(path))
    .map(([, source]) => nameOf(production, source))
    .toSorted((a, b) => a.localeCompare(b));
}

function importsOf(source) {
  const found = [];
  walk(source, (node) => {
    const text = specifierOf(node);
    if (text?.startsWith('.')) found.push(resolve(source.fileName, '..', text).replace(/\.js$/, '.ts'));
  });
  return found;
}

function specifierOf(node) {
  if ((ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) && node.moduleSpecifier)
    return node.moduleSpecifier.text;
  const dynamic = ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword;
  return dynamic && ts.isStringLiteral(node.arguments[0]) ? node.arguments[0].text : undefined;
}
