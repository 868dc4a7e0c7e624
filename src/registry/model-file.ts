import { LineCounter, parseDocument } from 'yaml';
import { Model } from '../domain/model.js';

/** What is wrong with one model file: every problem at once, each with its place and what to write instead. */
export class ModelFileError extends Error {
  override readonly name = 'ModelFileError';
  readonly code = 'model_file';
  readonly retryable = false;
  constructor(
    readonly file: string,
    readonly problems: readonly string[],
  ) {
    super(problems.map((problem) => `${file}: ${problem}`).join('\n'));
  }
}

/** Reads the text of `models/*.yaml` (contract section 7). Throws ModelFileError naming the file, every field at fault and the fix. */
export function parseModelFile(file: string, text: string): Model {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const syntax = [...document.errors, ...document.warnings].map(
    ({ message, pos }) => `line ${lines.linePos(pos[0]).line}: ${message}`,
  );
  if (syntax.length > 0) throw new ModelFileError(file, syntax);
  const content: unknown = document.toJS({ maxAliasCount: 100 });
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    throw new ModelFileError(file, ['is not a model: write fields, starting with `key:` and `task:`']);
  }
  const parsed = Model.safeParse(content);
  if (parsed.success) return parsed.data;
  throw new ModelFileError(
    file,
    parsed.error.issues.flatMap((issue) => describe(issue, content)),
  );
}

type Issue = NonNullable<ReturnType<typeof Model.safeParse>['error']>['issues'][number];

function describe(issue: Issue, content: object): string[] {
  if (issue.code === 'unrecognized_keys') {
    const where = issue.path.length > 0 ? ` in ${fieldName(issue.path)}` : '';
    const known = issue.path.length === 0 ? `; a model has ${Object.keys(Model.shape).join(', ')}` : '';
    return issue.keys.map((key) => `"${key}"${where} is not a known field${known}`);
  }
  if (issue.path[0] === 'baseline' && issue.code === 'invalid_union') {
    return [
      'baseline: write one of { file: reference.parquet }, { since: 2026-01-01, until: 2026-02-01 } or { learn: 14d }',
    ];
  }
  const found = valueAt(content, issue.path);
  if (found === undefined) return [`${fieldName(issue.path)} is missing: ${issue.message}`];
  return [
    `${fieldName(issue.path)}: ${issue.message}${typeof found === 'object' ? '' : ` (found ${JSON.stringify(found)})`}`,
  ];
}

function fieldName(path: readonly PropertyKey[]): string {
  return path.map(String).join('.');
}

function valueAt(content: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined),
    content,
  );
}
