import { CodedError } from '../domain/coded-error.js';
import { LineCounter, parseDocument } from 'yaml';
import { takenNames } from '../domain/feature-name.js';
import { mappingProblems } from '../domain/format-mapping.js';
import { Model } from '../domain/model.js';
import { isQuoted } from '../domain/quoted.js';
import { costProblems } from './cost-problems.js';
import { calendarProblems } from './holidays.js';

/** What is wrong with one model file: every problem at once, each with its place and what to write instead. */
export class ModelFileError extends CodedError {
  override readonly name = 'ModelFileError';
  readonly code = 'model_file';
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
    (problem) => `line ${lines.linePos(problem.pos[0]).line}: ${wordsOf(problem)}`,
  );
  if (syntax.length > 0) throw new ModelFileError(file, [...new Set(syntax)]);
  const content = contentOf(document, file);
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    throw new ModelFileError(file, ['is not a model: write fields, starting with `key:` and `task:`']);
  }
  return readModel(file, content);
}

/** What is wrong with the text, where the parser's own words speak of its program. */
function wordsOf({ code, message }: { readonly code: string; readonly message: string }): string {
  if (code === 'MULTIPLE_DOCS') return 'a second document begins (---): write one model a file';
  return code === 'IMPOSSIBLE' || /call stack/i.test(message) ? 'it is nested too deep' : message;
}

function periodProblems({ baseline }: Model): readonly string[] {
  return baseline && 'since' in baseline && baseline.until <= baseline.since ? ['must be after since'] : [];
}

/** Names that objects of the language have themselves: a field called so would be lost without a word. */
function lostNames(content: unknown, path: readonly string[] = []): readonly string[] {
  if (typeof content !== 'object' || content === null) return [];
  const own = Object.hasOwn(content, '__proto__') ? [`${[...path, '__proto__'].join('.')} is no name that can be used: choose another`] : [];
  return [...own, ...Object.entries(content).flatMap(([name, inner]) => (name === '__proto__' ? [] : lostNames(inner, [...path, name])))];
} // prettier-ignore

/** Throws ModelFileError where aliases of aliases would make it grow beyond measure. */
function contentOf(document: ReturnType<typeof parseDocument>, file: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    throw new ModelFileError(file, [
      'its aliases (`*name`) stand for nothing that was named before, or repeat too much: write out what they stand for',
    ]);
  }
}

/** A model from parsed YAML or JSON, by the same rules; `name` is what the error calls it. Throws ModelFileError. */
export function readModel(name: string, content: unknown): Model {
  const lost = lostNames(content);
  if (lost.length > 0) throw new ModelFileError(name, lost);
  const parsed = Model.safeParse(content);
  const problems = parsed.success
    ? [
        ...(parsed.data.task === 'regression' && parsed.data.positive !== undefined
          ? [sentence(['positive'], 'a regression has no positive label: leave it out', content)]
          : []),
        ...mappingProblems(parsed.data).map(({ path, message }) =>
          sentence(['format', ...path], message, content),
        ),
        ...takenNames(Object.keys(parsed.data.features)).map(({ name, instead }) =>
          sentence(
            ['features', name],
            `is the name of a series of ours: a feature called so goes by "${instead}", so write that`,
            content,
          ),
        ),
        ...costProblems(parsed.data, valueAt(content, ['costs'])).map(({ path, message }) =>
          sentence(['costs', ...path], message, content),
        ),
        ...periodProblems(parsed.data).map((message) => sentence(['baseline', 'until'], message, content)),
        ...calendarProblems(parsed.data).map(({ path, message }) => sentence(path, message, content)),
      ]
    : parsed.error.issues.flatMap((issue) => describe(issue, content));
  if (parsed.success && problems.length === 0) return parsed.data;
  throw new ModelFileError(name, problems);
}

type Issue = NonNullable<ReturnType<typeof Model.safeParse>['error']>['issues'][number];

/** A reference of several forms is one by the field that only that form has. */
const FORMS = ['file', 'since', 'learn'];

function describe(issue: Issue, content: unknown): string[] {
  if (issue.path[0] === 'baseline' && issue.code === 'invalid_union') {
    const said = FORMS.findIndex((field) => valueAt(content, ['baseline', field]) !== undefined);
    const inner = issue.errors[said] ?? [];
    if (inner.length > 0)
      return inner.flatMap((one) => describe({ ...one, path: ['baseline', ...one.path] } as Issue, content));
    return [
      'baseline: write one of { file: reference.parquet }, { since: 2026-01-01, until: 2026-02-01 } or { learn: 14d }',
    ];
  }
  return isToldOf(issue, content)
    ? [`${fieldName(issue.path)}${issue.path.length === 0 ? '' : ': '}${issue.message}`]
    : [sentence(issue.path, issue.message, content)];
}

/** Whether the words of the schema say what stands there: fields by name, and whatever is no text. */
function isToldOf(issue: Issue, content: unknown): boolean {
  const { code, path } = issue;
  if (code === 'unrecognized_keys' || isQuoted(issue)) return true;
  const found = valueAt(content, path);
  return found !== undefined && typeof found !== 'string' && code !== 'invalid_value';
}

/** What is wrong with a field, with the plain value that stands there. */
function sentence(path: readonly PropertyKey[], message: string, content: unknown): string {
  if (path.length === 0) return message;
  const found = valueAt(content, path);
  if (found === undefined) return `${fieldName(path)} is missing: ${message}`;
  const shown = typeof found === 'object' ? '' : ` (found ${JSON.stringify(found)})`;
  return `${fieldName(path)}: ${message}${shown}`;
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
