/**
 * What the command line asks of the API, held against the SDL: every document is valid, and the type that an answer is read as says of each field what the
 * SDL says: that it is asked for, whether it is a list, of which kind, and whether it can be null.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  buildSchema,
  getNamedType,
  getNullableType,
  isEnumType,
  isLeafType,
  isListType,
  isNonNullType,
  Kind,
  parse,
  validate,
} from 'graphql';
import ts from 'typescript';
import { nameOf, walk } from './program.mjs';

const KINDS = {
  ID: ts.TypeFlags.StringLike,
  String: ts.TypeFlags.StringLike,
  DateTime: ts.TypeFlags.StringLike,
  Int: ts.TypeFlags.NumberLike,
  Float: ts.TypeFlags.NumberLike,
  Boolean: ts.TypeFlags.BooleanLike,
};
const ABSENT = ts.TypeFlags.Null | ts.TypeFlags.Undefined;
const ANYTHING =
  ts.TypeFlags.Any | ts.TypeFlags.Unknown | ts.TypeFlags.NonPrimitive | ts.TypeFlags.TypeParameter;

/** `path:line what is wrong` of every document and of every type of an answer that the SDL does not bear out, in order. */
export function wrongDocuments(production) {
  const file = join(production.root, 'src/api/schema.graphql');
  if (!existsSync(file)) return [];
  const schema = buildSchema(readFileSync(file, 'utf8'));
  const calls = production.sources.flatMap(callsIn);
  const known = { ...production, calls };
  const found = calls.flatMap((call) => {
    const asked = askedBy(known, call);
    return asked === null ? [] : problemsOf(known, schema, call, asked);
  });
  return [...new Set(found)].toSorted((a, b) => (a < b ? -1 : 1));
}

function callsIn(source) {
  const calls = [];
  walk(source, (node) => {
    if (ts.isCallExpression(node)) calls.push(node);
  });
  return calls;
}

/** Where in a call of the client the document stands, and under which field of the answer its type begins, or that of each of its nodes; null for any other call. */
function askedBy({ checker }, { expression, arguments: given }) {
  if (ts.isIdentifier(expression) && expression.text === 'queryModel')
    return { document: given[1], under: { text: 'model' } };
  if (!ts.isPropertyAccessExpression(expression)) return null;
  const { text } = expression.name;
  if (text !== 'query' && text !== 'mutate' && text !== 'nodes') return null;
  if (checker.getTypeAtLocation(expression.expression).symbol?.name !== 'ApiClient') return null;
  return text === 'query'
    ? { document: given[0], under: null }
    : { document: given[1], under: { node: given[0], isPaged: text === 'nodes' } };
}

function problemsOf(known, schema, call, { document, under }) {
  const texts = textsOf(known, document, new Map());
  const isUnread = texts.length === 0 && !isPassedOn(document);
  const found = isUnread
    ? ['asks a document that cannot be read here']
    : texts.flatMap((one) => problemsOfText(known, schema, { call, under }, one));
  return found.map((one) => `${placeOf(known, call)} ${one}`);
}

function problemsOfText(known, schema, { call, under }, { text, env }) {
  const { problem, operation, type: parent } = valid(schema, text);
  if (problem !== undefined) return [`asks what the SDL does not have: ${problem}`];
  const type = known.checker.getAwaitedType(known.checker.getTypeAtLocation(call));
  const field = under === null ? null : (under.text ?? textsOf(known, under.node, env)[0]?.text);
  const root = { selection: operation.selectionSet, parent, path: '' };
  if (field === null) return differences(known, type, root);
  const chosen = fieldOf(root, field);
  if (!chosen) return [`reads ${field}, which its document does not ask for`];
  const place = below(root, chosen);
  if (under.isPaged) return ofNodes(known, type, place, operation);
  // `mutate` throws where a payload has errors; where it has none, what was wanted is there.
  return differences(known, type, { ...place, isDone: operation.operation === 'mutation' });
}

/** Each node is read as the type that the generator of them yields; the next page is asked for behind what this one says of itself. */
function ofNodes(known, type, place, { variableDefinitions }) {
  const nodes = fieldOf(place, 'nodes');
  if (!nodes) return [`reads ${place.path}.nodes, which its document does not ask for`];
  const info = fieldOf(place, 'pageInfo');
  const asked = ['hasNextPage', 'endCursor'].every((name) => info && fieldOf(below(place, info), name));
  const isMoved = variableDefinitions.some(({ variable }) => variable.name.value === 'after');
  if (!asked || !isMoved)
    return [`walks the pages of ${place.path} without $after, hasNextPage and endCursor`];
  const [node] = known.checker.getTypeArguments(type);
  return node ? differences(known, node, below(place, nodes)) : [];
}

/** A document that whoever calls hands over is looked at there. */
function isPassedOn(document) {
  return ts.isIdentifier(document) || ts.isPropertyAccessExpression(document);
}

function placeOf(known, node) {
  const source = node.getSourceFile();
  return `${nameOf(known, source)}:${source.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
}

function valid(schema, text) {
  try {
    const document = parse(text);
    const [error] = validate(schema, document);
    if (error) return { problem: error.message };
    const operation = document.definitions.find(({ kind }) => kind === Kind.OPERATION_DEFINITION);
    const type = operation.operation === 'mutation' ? schema.getMutationType() : schema.getQueryType();
    return { operation, type };
  } catch (error) {
    return { problem: error.message };
  }
}

function fieldOf({ selection, parent }, name) {
  const node = selection.selections.find((one) => (one.alias ?? one.name)?.value === name);
  return node && { node, type: parent.getFields()[node.name.value].type };
}

function below({ path }, { node, type }) {
  const name = (node.alias ?? node.name).value;
  return {
    selection: node.selectionSet,
    parent: getNamedType(type),
    path: path === '' ? name : `${path}.${name}`,
  };
}

/** Where the type that an answer is read as says other than the SDL. */
function differences(known, type, place) {
  if (type.flags & ANYTHING || !place.selection) return [];
  return known.checker.getPropertiesOfType(type).flatMap((property) => {
    const path = place.path === '' ? property.name : `${place.path}.${property.name}`;
    const chosen = fieldOf(place, property.name);
    const isOptional = (property.flags & ts.SymbolFlags.Optional) !== 0;
    if (!chosen) return isOptional ? [] : [`reads ${path}, which its document does not ask for`];
    const read = known.checker.getTypeOfSymbol(property);
    return ofField(known, read, chosen.type, { ...below(place, chosen), isSure: place.isDone });
  });
}

function ofField(known, read, said, place) {
  const { path, isSure } = place;
  if (read.flags & ANYTHING) return [];
  const parts = read.isUnion() ? read.types : [read];
  const isNull = parts.some(({ flags }) => flags & ts.TypeFlags.Null);
  if (isNull && isNonNullType(said)) return [`reads ${path} as if it could be null: it never is`];
  if (!isNull && !isNonNullType(said) && !isSure)
    return [`reads ${path} as if it never were null: it can be`];
  const bare = known.checker.getNonNullableType(read);
  const inner = getNullableType(said);
  if (isListType(inner)) return ofList(known, bare, inner, place);
  if (isLeafType(inner)) return ofLeaf(bare, inner, path);
  return differences(known, bare, place);
}

function ofList(known, read, said, place) {
  if (!known.checker.isArrayLikeType(read)) return [`reads ${place.path} as if it were no list`];
  const [item] = known.checker.getTypeArguments(read);
  return item ? ofField(known, item, said.ofType, place) : [];
}

function ofLeaf(read, said, path) {
  const parts = (read.isUnion() ? read.types : [read]).filter(({ flags }) => !(flags & ABSENT));
  if (isEnumType(said)) {
    const named = parts.flatMap((part) => (part.isStringLiteral() ? [part.value] : []));
    if (named.length === 0) return parts.every(({ flags }) => flags & ts.TypeFlags.String) ? [] : [`reads ${path}, a ${said.name}, as no text`]; // prettier-ignore
    const missing = said.getValues().filter(({ name }) => !named.includes(name));
    return missing.length === 0 ? [] : [`reads ${path} as if it were never ${missing[0].name}`];
  }
  const kind = KINDS[said.name];
  if (kind === undefined || parts.every(({ flags }) => flags & kind)) return [];
  return [`reads ${path}, a ${said.name}, as something else`];
}

/** The texts that an expression can be, each with what parameters of its function are then; none where that cannot be known. */
function textsOf(known, node, env) {
  if (!node) return [];
  if (ts.isStringLiteralLike(node)) return [{ text: node.text, env }];
  if (ts.isParenthesizedExpression(node) || ts.isAsExpression(node))
    return textsOf(known, node.expression, env);
  if (ts.isConditionalExpression(node))
    return [...textsOf(known, node.whenTrue, env), ...textsOf(known, node.whenFalse, env)];
  if (ts.isTemplateExpression(node)) {
    return node.templateSpans.reduce(
      (heads, { expression, literal }) =>
        heads.flatMap((head) =>
          textsOf(known, expression, head.env).map((one) => ({
            text: head.text + one.text + literal.text,
            env: one.env,
          })),
        ),
      [{ text: node.head.text, env }],
    );
  }
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken)
    return textsOf(known, node.left, env).flatMap((left) =>
      textsOf(known, node.right, left.env).map((right) => ({ text: left.text + right.text, env: right.env })),
    );
  return ts.isIdentifier(node) ? textsOfName(known, node, env) : [];
}

function textsOfName(known, node, env) {
  const declaration = declarationOf(known.checker, node);
  if (!declaration) return [];
  if (ts.isVariableDeclaration(declaration)) return textsOf(known, declaration.initializer, env);
  if (!ts.isParameter(declaration)) return [];
  const owner = declaration.parent;
  const site = env.get(owner);
  const sites = site
    ? [site]
    : known.calls.filter(({ expression }) => calls(known.checker, expression, owner));
  const position = owner.parameters.indexOf(declaration);
  return sites.flatMap((one) =>
    textsOf(known, one.arguments[position], new Map()).map(({ text }) => ({
      text,
      env: new Map([...env, [owner, one]]),
    })),
  );
}

function calls(checker, expression, owner) {
  const declared = ts.isIdentifier(expression) ? declarationOf(checker, expression) : undefined;
  const isNamed = declared !== undefined && ts.isVariableDeclaration(declared);
  return declared === owner || (isNamed && declared.initializer === owner);
}

function declarationOf(checker, node) {
  const symbol = checker.getSymbolAtLocation(node);
  const real = symbol && symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  return real?.valueDeclaration;
}
