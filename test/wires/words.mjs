/** Words with two meanings: exported types and classes of one name that different files define. */
import ts from 'typescript';
import { nameOf } from './program.mjs';

/** `Name path path` for every name that more than one file exports as a type or a class of its own; generated files repeat the SDL's. */
export function repeatedWords(production) {
  const byName = new Map();
  for (const source of production.sources) {
    const file = nameOf(production, source);
    if (file.endsWith('.generated.ts')) continue;
    const names = new Set(
      source.statements
        .filter((statement) => isNamedType(statement) && isExported(statement))
        .map(({ name }) => name.text),
    );
    for (const name of names) byName.set(name, [...(byName.get(name) ?? []), file]);
  }
  return [...byName]
    .filter(([, files]) => files.length > 1)
    .map(([name, files]) => `${name} ${files.toSorted((a, b) => a.localeCompare(b)).join(' ')}`)
    .toSorted((a, b) => a.localeCompare(b));
}

function isNamedType(node) {
  return (
    ts.isInterfaceDeclaration(node) ||
    ts.isTypeAliasDeclaration(node) ||
    (ts.isClassDeclaration(node) && node.name)
  );
}

function isExported(node) {
  return (ts.getModifiers(node) ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
}
