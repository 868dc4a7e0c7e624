/** Ledger actions that nothing can bring about: no code that runs from an entry point writes them. */
import { resolve } from 'node:path';
import ts from 'typescript';
import { ENTRIES, nameOf, walk } from './program.mjs';

const LIST = 'src/domain/actions.ts';

/** Keys of `ACTIONS` that reached code never writes, in order. */
export function unwrittenActions(production) {
  const list = production.sources.find((source) => nameOf(production, source) === LIST);
  if (!list) return [];
  const written = writtenTexts(reachedNodes(production));
  const fits = (action) =>
    written.some((text) => text === action || (text.endsWith('.*') && action.startsWith(text.slice(0, -1))));
  return actionKeys(list)
    .filter((action) => !fits(action))
    .toSorted((a, b) => a.localeCompare(b));
}

function actionKeys(list) {
  const keys = [];
  walk(list, (node) => {
    if (ts.isPropertyAssignment(node) && ts.isStringLiteral(node.name)) keys.push(node.name.text);
  });
  return keys;
}

/**
 * Declarations that run: from the entries' statements along every name they use. A class brings its constructor, its fields and what the
 * framework calls (decorated members); another member runs when somewhere in reached code a member of that name is used.
 */
function reachedNodes({ root, checker, sources }) {
  const entries = new Set(ENTRIES.map((entry) => resolve(root, entry)));
  const ours = new Set(sources);
  const state = { reached: new Set(), waiting: new Map(), used: new Set(), queue: [] };
  for (const source of sources)
    if (entries.has(resolve(source.fileName))) state.queue.push(...source.statements);
  for (let node = state.queue.pop(); node; node = state.queue.pop()) reach(node, { checker, ours, state });
  return state.reached;
}

function reach(node, context) {
  const { state } = context;
  if (state.reached.has(node)) return;
  state.reached.add(node);
  const visit = (part) => {
    if (part !== node && isMember(part) && !runsWithItsClass(part)) return wait(part, state);
    if (ts.isIdentifier(part)) follow(part, context);
    ts.forEachChild(part, visit);
  };
  visit(node);
}

const isMember = (node) => ts.isMethodDeclaration(node) || ts.isAccessor(node);

function runsWithItsClass(member) {
  return ts.isObjectLiteralExpression(member.parent) || (ts.getDecorators(member)?.length ?? 0) > 0;
}

function wait(member, state) {
  const name = member.name.getText();
  if (state.used.has(name)) state.queue.push(member);
  else state.waiting.set(name, [...(state.waiting.get(name) ?? []), member]);
}

function follow(identifier, { checker, ours, state }) {
  const name = identifier.text;
  if (!state.used.has(name)) {
    state.used.add(name);
    state.queue.push(...(state.waiting.get(name) ?? []));
    state.waiting.delete(name);
  }
  for (const declaration of declarationsOf(checker, identifier)) {
    const top = topLevel(declaration);
    if (top && ours.has(top.getSourceFile())) state.queue.push(top);
  }
}

function declarationsOf(checker, identifier) {
  const symbol = checker.getSymbolAtLocation(identifier);
  if (!symbol) return [];
  const real = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  return real.declarations ?? [];
}

/** The statement of a module that holds a declaration, when the declaration is that statement's own. */
function topLevel(declaration) {
  if (ts.isSourceFile(declaration)) return undefined;
  const statement = ts.isVariableDeclaration(declaration) ? declaration.parent.parent : declaration;
  return statement.parent && ts.isSourceFile(statement.parent) ? statement : undefined;
}

/** Texts that reached code makes values of; `incident.*` stands for a template that begins so. */
function writtenTexts(nodes) {
  const texts = [];
  for (const node of nodes) {
    if (node.getSourceFile().fileName.endsWith(LIST)) continue;
    walk(node, (part) => {
      if (ts.isStringLiteralLike(part) && isValue(part)) texts.push(part.text);
      if (ts.isTemplateHead(part) && /^\w+\.$/.test(part.text)) texts.push(`${part.text}*`);
    });
  }
  return texts;
}

/** Not a type, a key, a comparison or a case: those only read. */
function isValue(node) {
  const { parent } = node;
  if (ts.isBinaryExpression(parent)) return parent.operatorToken.kind === ts.SyntaxKind.QuestionQuestionToken;
  const schema = ts.isCallExpression(parent) && parent.expression.getText().endsWith('.literal');
  const key = ts.isPropertyAssignment(parent) && parent.name === node;
  return (
    !key &&
    !schema &&
    !ts.isLiteralTypeNode(parent) &&
    !ts.isCaseClause(parent) &&
    !ts.isElementAccessExpression(parent)
  );
}
