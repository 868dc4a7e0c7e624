/** Decisions that depend on the words of a sentence: what a check says is made from a code, and the code decides (`src/domain/interpretation.ts`). */
import ts from 'typescript';
import { nameOf, walk } from './program.mjs';

/** Names of properties and variables that hold a sentence for people. */
const SENTENCES = new Set(['summary', 'explanation', 'headline']);
const ASKS = new Set(['startsWith', 'endsWith', 'includes', 'indexOf', 'lastIndexOf', 'match', 'matchAll', 'search']); // prettier-ignore
const MATCHES = new Set(['test', 'exec']);

/** `path name` for every sentence that is searched, matched or compared with other words, in order. */
export function readSentences(production) {
  const found = new Set();
  for (const source of production.sources)
    walk(source, (node) => {
      const name = readIn(node);
      if (name !== undefined) found.add(`${nameOf(production, source)} ${name}`);
    });
  return [...found].toSorted((a, b) => a.localeCompare(b));
}

function readIn(node) {
  if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
    const { expression: receiver, name } = node.expression;
    if (ASKS.has(name.text)) return sentenceOf(receiver);
    if (MATCHES.has(name.text)) return sentenceOf(node.arguments[0]);
  }
  if (ts.isBinaryExpression(node) && COMPARES.has(node.operatorToken.kind)) {
    if (isWords(node.right)) return sentenceOf(node.left);
    if (isWords(node.left)) return sentenceOf(node.right);
  }
  return undefined;
}

const COMPARES = new Set([ts.SyntaxKind.EqualsEqualsEqualsToken, ts.SyntaxKind.ExclamationEqualsEqualsToken]);

/** Whether it says something: an empty text is none. */
function isWords(node) {
  return ts.isStringLiteralLike(node) && node.text !== '';
}

function sentenceOf(node) {
  if (!node) return undefined;
  const name = ts.isPropertyAccessExpression(node) ? node.name.text : ts.isIdentifier(node) ? node.text : '';
  return SENTENCES.has(name) ? name : undefined;
}
