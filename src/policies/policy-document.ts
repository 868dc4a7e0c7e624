import { LineCounter, isAlias, isMap, isNode, isScalar, parseAllDocuments, visit, type Document } from 'yaml';

/** A policy file is a page of text; anything larger is a mistake or an attack. */
const MAX_CHARACTERS = 256 * 1024;

interface Problem {
  readonly line: number;
  readonly message: string;
}

/** One parsed file: its plain content, the problems of the text itself, and where each part stands. */
export interface PolicyDocument {
  readonly content: unknown;
  readonly problems: readonly Problem[];
  /** Line of the node at a path, or of its nearest parent that exists. */
  lineOf(path: readonly PropertyKey[]): number;
}

/**
 * Reads YAML 1.2 core: no anchors, aliases, tags or merge keys (they make a text mean something a reader does not see), no key twice, one
 * document, at most 256 KiB. Never throws.
 */
export function readPolicyDocument(text: string): PolicyDocument {
  if (text.length > MAX_CHARACTERS)
    return failed(`is ${text.length} characters long; a policy file has at most ${MAX_CHARACTERS}`);
  const counter = new LineCounter();
  const documents = parseAllDocuments(text, {
    version: '1.2',
    schema: 'core',
    uniqueKeys: true,
    lineCounter: counter,
    prettyErrors: false,
  });
  const document = Array.isArray(documents) ? documents[0] : undefined;
  if (!document) return failed('is empty');
  if (Array.isArray(documents) && documents.length > 1)
    return failed('holds more than one document; write one policy a file');
  const lineAt = (offset: number): number => counter.linePos(offset).line;
  const problems = [
    ...[...document.errors, ...document.warnings].map((error) => ({
      line: lineAt(error.pos[0]),
      message: error.message,
    })),
    ...surprises(document, lineAt),
  ];
  // Content is only built from a text without aliases, so that it cannot grow beyond the text.
  const content: unknown = problems.length === 0 ? document.toJS() : null;
  return { content, problems, lineOf: (path) => lineOfPath(document, path, lineAt) };
}

function failed(message: string): PolicyDocument {
  return { content: null, problems: [{ line: 1, message }], lineOf: () => 1 };
}

function surprises(document: Document, lineAt: (offset: number) => number): readonly Problem[] {
  const found: Problem[] = [];
  visit(document, {
    Node: (_key, node) => {
      const line = lineAt(node.range?.[0] ?? 0);
      if (isAlias(node)) found.push({ line, message: 'an alias (*name) is not allowed: write the text out' });
      else if (node.anchor !== undefined)
        found.push({ line, message: 'an anchor (&name) is not allowed: write the text out' });
      else if (node.tag?.startsWith('!') === true)
        found.push({ line, message: `the tag ${node.tag} is not allowed` });
    },
    Pair: (_key, pair) => {
      if (isScalar(pair.key) && pair.key.value === '<<') {
        found.push({
          line: lineAt(pair.key.range?.[0] ?? 0),
          message: 'a merge key (<<) is not allowed: write the text out',
        });
      }
    },
  });
  return found;
}

function lineOfPath(
  document: Document,
  path: readonly PropertyKey[],
  lineAt: (offset: number) => number,
): number {
  for (let length = path.length; length > 0; length--) {
    const here = path.slice(0, length);
    const parent: unknown = length === 1 ? document.contents : document.getIn(here.slice(0, -1), true);
    const key = here.at(-1);
    if (isMap(parent)) {
      const pair = parent.items.find((item) => isScalar(item.key) && item.key.value === key);
      if (pair && isScalar(pair.key)) return lineAt(pair.key.range?.[0] ?? 0);
    }
    const node: unknown = document.getIn(here, true);
    if (isNode(node)) return lineAt(node.range?.[0] ?? 0);
  }
  return 1;
}
