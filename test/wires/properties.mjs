/**
 * Properties and settings that production declares and never reads. A read is an access, a destructuring, or the name standing in a text of
 * production (SQL, a key) or in a file that is read from outside (GraphQL schema, migration, dashboard).
 */
import ts from 'typescript';
import { nameOf, walk, wordsOutside } from './program.mjs';

/** `path property` of everything declared and never read, in order. */
export function unreadProperties(production) {
  const found = {
    declared: new Map(),
    read: new Set(),
    names: new Set(),
    viewed: new Set(),
    words: wordsOutside(production.root),
  };
  production.sources.forEach((source) => walk(source, (node) => note(production.checker, node, found)));
  return [...found.declared]
    .filter(([node, name]) => !isRead(production.checker, node, found) && !found.words.has(name))
    .map(([node, name]) => `${nameOf(production, node.getSourceFile())} ${name}`)
    .toSorted();
}

function note(checker, node, found) {
  const name = declaredName(node);
  if (name !== undefined) found.declared.set(node, name);
  if (ts.isPropertyAccessExpression(node) && !isAssigned(node))
    mark(checker.getSymbolAtLocation(node.name), found);
  if (ts.isBindingElement(node) && ts.isObjectBindingPattern(node.parent))
    markDestructured(checker, node, found);
  const text = literalText(node);
  for (const word of text?.match(/[A-Za-z_]\w*/g) ?? []) found.words.add(word);
}

/**
 * Read itself; through the class or interface that declares the same member for it; or, as an inline type is only a view of what is declared
 * elsewhere, under its name on one side of such a view.
 */
function isRead(checker, node, found) {
  const name = node.name.text;
  if (found.read.has(node) || found.viewed.has(name)) return true;
  const owner = ts.isParameter(node) ? node.parent.parent : node.parent;
  if (ts.isTypeLiteralNode(owner)) return found.names.has(name);
  return heritageOf(owner)
    .flatMap((type) => checker.getTypeAtLocation(type).getProperty(name)?.declarations ?? [])
    .some((declaration) => found.read.has(declaration));
}

function heritageOf(owner) {
  return ts.isClassDeclaration(owner) ? (owner.heritageClauses ?? []).flatMap(({ types }) => [...types]) : [];
}

/** The name a node declares as a property: of an interface, a class, a constructor, or a zod object. */
function declaredName(node) {
  const parameter = ts.isParameter(node) && ts.isParameterPropertyDeclaration(node, node.parent);
  const property = ts.isPropertySignature(node) || ts.isPropertyDeclaration(node) || parameter;
  const schema = ts.isPropertyAssignment(node) && isSchemaCall(node.parent.parent);
  if (!property && !schema) return undefined;
  return ts.isIdentifier(node.name) ? node.name.text : undefined;
}

function isSchemaCall(node) {
  return (
    ts.isCallExpression(node) &&
    /(^|\.)(object|strictObject|looseObject|extend)$/.test(node.expression.getText())
  );
}

function isAssigned(node) {
  const { parent } = node;
  const assignment = ts.isBinaryExpression(parent) && parent.left === node;
  return assignment && parent.operatorToken.kind === ts.SyntaxKind.EqualsToken;
}

function mark(symbol, found) {
  for (const declaration of symbol?.declarations ?? []) {
    found.read.add(declaration);
    found.names.add(symbol.name);
    if (ts.isTypeLiteralNode(declaration.parent)) found.viewed.add(symbol.name);
  }
}

function markDestructured(checker, node, found) {
  const name = node.propertyName ?? node.name;
  if (!ts.isIdentifier(name)) return;
  const type = checker.getTypeAtLocation(node.parent);
  for (const part of [type, ...(type.isUnion() ? type.types : [])]) mark(part.getProperty(name.text), found);
}

/** The text of a string or of one piece of a template. */
function literalText(node) {
  const piece = ts.isTemplateHead(node) || ts.isTemplateMiddle(node) || ts.isTemplateTail(node);
  return ts.isStringLiteralLike(node) || piece ? node.text : undefined;
}
