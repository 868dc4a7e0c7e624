import { CodedError } from '../domain/coded-error.js';
import { Environment, type ASTNode } from '@marcbachmann/cel-js';
import { z } from 'zod';

/** What an expression may ask. `bigint` where CEL says int; a fact that is absent was not computed. */
export interface Facts {
  readonly model: {
    readonly key: string;
    readonly task: string;
    readonly owner: string;
    readonly riskTier: string;
  };
  readonly result?: ResultFacts;
}
interface ResultFacts {
  readonly check: string;
  readonly feature: string;
  /** `key=value`; '' where it is about all rows. */
  readonly segment: string;
  readonly statistic: string;
  readonly state: string;
  readonly n: bigint;
  readonly importance?: number;
  readonly value?: number;
  readonly effect?: number;
  readonly evidence?: number;
}

/** True, false, or null where it cannot be said (a fact it needs was not computed). */
export type Truth = boolean | null;
export type Expression = (facts: Facts) => Truth;

/** A CEL expression that was refused; `offset` is where in its text. */
export class ExpressionError extends CodedError {
  override readonly name = 'ExpressionError';
  readonly code = 'bad_expression';
  constructor(
    message: string,
    readonly offset: number,
  ) {
    super(message);
  }
}

const MODEL_FIELDS = { key: 'string', task: 'string', owner: 'string', riskTier: 'string' };
// Policies come from people with rights, yet a slip must not stall the service: expressions stay small.
const LIMITS = {
  maxAstNodes: 200,
  maxDepth: 24,
  maxListElements: 100,
  maxMapEntries: 0,
  maxCallArguments: 8,
};

const modelEnvironment = new Environment({ limits: LIMITS }).registerVariable({
  name: 'model',
  schema: MODEL_FIELDS,
});
const resultEnvironment = new Environment({ limits: LIMITS })
  .registerVariable({ name: 'model', schema: MODEL_FIELDS })
  .registerVariable('check', 'string')
  .registerVariable('feature', 'string')
  .registerVariable('segment', 'string')
  .registerVariable('statistic', 'string')
  .registerVariable('state', 'string')
  .registerVariable('n', 'int')
  .registerVariable('importance', 'double')
  .registerVariable('value', 'double')
  .registerVariable('effect', 'double')
  .registerVariable('evidence', 'double')
  .registerFunction('abs(double): double', (x: number) => Math.abs(x));

/**
 * Compiles a CEL expression over `model` ('model') or over `model` and one result ('result'), checked before it ever runs: unknown names,
 * wrong types, anything but a boolean, and the constructs that can stall or mislead are refused with an ExpressionError.
 */
export function compileExpression(text: string, over: 'model' | 'result'): Expression {
  const environment = over === 'model' ? modelEnvironment : resultEnvironment;
  const checked = environment.check(text);
  if (!checked.valid)
    throw new ExpressionError(checked.error?.summary ?? 'cannot be read', checked.error?.range?.start ?? 0);
  if (checked.type !== 'bool')
    throw new ExpressionError(`is a ${checked.type ?? 'dyn'}; a condition is true or false`, 0);
  const parsed = environment.parse(text);
  refuseTraps(parsed.ast);
  return (facts) => {
    try {
      const answer: unknown = parsed({ model: facts.model, ...facts.result });
      return typeof answer === 'boolean' ? answer : null;
    } catch {
      // A fact was not computed. CEL has already let `true || error` be true and `false && error` false.
      return null;
    }
  };
}

const MEASURED = new Set(['value', 'effect', 'evidence', 'importance']);
const STALLING = new Set(['matches', 'all', 'exists', 'exists_one', 'map', 'filter']);
const Node = z.object({ op: z.string(), args: z.unknown(), start: z.number() });

function refuseTraps(root: ASTNode): void {
  const waiting: unknown[] = [root];
  while (waiting.length > 0) {
    const next = waiting.pop();
    if (Array.isArray(next)) waiting.push(...(next as unknown[]));
    const node = Node.safeParse(next);
    if (!node.success) continue;
    const { op, args, start } = node.data;
    const name: unknown = Array.isArray(args) ? (args as unknown[])[0] : null;
    if ((op === 'call' || op === 'rcall') && typeof name === 'string' && STALLING.has(name)) {
      throw new ExpressionError(
        `${name}() is not allowed here: a pattern or a loop can stall the service`,
        start,
      );
    }
    if ((op === '==' || op === '!=') && Array.isArray(args) && (args as unknown[]).some(isMeasured)) {
      throw new ExpressionError(`${op} on a measured number is never meant: write >, >=, < or <=`, start);
    }
    waiting.push(args);
  }
}

function isMeasured(operand: unknown): boolean {
  const node = Node.safeParse(operand);
  return (
    node.success &&
    node.data.op === 'id' &&
    typeof node.data.args === 'string' &&
    MEASURED.has(node.data.args)
  );
}
