/** Facts with two values: constants of one name that different files define differently. */
import ts from 'typescript';
import { nameOf } from './program.mjs';

const CONSTANT = /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)+$/;

/** `NAME: path = value | path = value` for every constant name of two words or more with more than one value. */
export function contradictingConstants(production) {
  const byName = new Map();
  for (const source of production.sources)
    for (const { name, initializer } of constantsOf(source)) {
      const places = byName.get(name.text) ?? [];
      byName.set(name.text, [
        ...places,
        [nameOf(production, source), initializer.getText().replaceAll(/\s+/g, ' ')],
      ]);
    }
  return [...byName]
    .filter(([, places]) => new Set(places.map(([, value]) => value)).size > 1)
    .map(
      ([name, places]) =>
        `${name} ${places
          .toSorted()
          .map(([path, value]) => `${path} = ${value.slice(0, 60)}`)
          .join(' | ')}`,
    )
    .toSorted();
}

function constantsOf(source) {
  return source.statements
    .filter((statement) => ts.isVariableStatement(statement))
    .flatMap((statement) => [...statement.declarationList.declarations])
    .filter(
      ({ name, initializer }) => ts.isIdentifier(name) && CONSTANT.test(name.text) && isFact(initializer),
    );
}

/** Numbers, texts, lists and tables of them; not what is computed from a file's own names. */
function isFact(node) {
  if (!node) return false;
  if (ts.isAsExpression(node) || ts.isSatisfiesExpression(node)) return isFact(node.expression);
  if (ts.isArrayLiteralExpression(node)) return node.elements.every((element) => isFact(element));
  if (ts.isNewExpression(node)) return (node.arguments ?? []).every((argument) => isFact(argument));
  if (ts.isBinaryExpression(node)) return isFact(node.left) && isFact(node.right);
  return ts.isNumericLiteral(node) || ts.isStringLiteral(node);
}
