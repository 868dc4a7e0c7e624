import { LONGEST_MATCHED, type Condition, type Operator } from '../domain/expectation.js';
import type { BlockColumns } from './block-columns.js';

/** Whether rows of a block are asked a condition at all. */
export function isAsked(condition: Condition, columns: BlockColumns): boolean {
  switch (condition.kind) {
    case 'range':
      return columns.hasNumber(condition.feature);
    case 'pattern':
      return columns.hasText(condition.feature);
    case 'values':
      return columns.has(condition.feature);
    case 'nulls':
      return true;
    case 'relation':
      return columns.hasNumber(condition.a) && (condition.b === null || columns.hasNumber(condition.b));
  }
}

/** Which rows break a condition: as {@link ./expectation-sql.js} has the engine find them. */
export function breaks(condition: Condition, columns: BlockColumns): (row: number) => boolean {
  switch (condition.kind) {
    case 'range': {
      const [x, low, high] = [
        columns.number(condition.feature),
        condition.min ?? -Infinity,
        condition.max ?? Infinity,
      ];
      return (row) => (x[row] ?? NaN) < low || (x[row] ?? NaN) > high;
    }
    case 'pattern': {
      const [texts, pattern] = [columns.text(condition.feature), new RegExp(condition.pattern, 'u')];
      return (row) => !pattern.test((texts[row] ?? '').slice(0, LONGEST_MATCHED));
    }
    case 'values': {
      const { feature, texts, numbers } = condition;
      if (columns.hasText(feature)) {
        const [known, said] = [new Set(texts), columns.text(feature)];
        return (row) => !known.has(said[row] ?? '');
      }
      const [known, x] = [new Set(numbers), columns.number(feature)];
      return (row) => !known.has(x[row] ?? NaN);
    }
    case 'nulls': {
      const isThere = columns.has(condition.feature);
      return () => !isThere;
    }
    case 'relation': {
      const { a, b, number, operator } = condition;
      const left = columns.number(a);
      const right = b === null ? null : columns.number(b);
      return (row) => !HOLDS[operator](left[row] ?? NaN, right ? (right[row] ?? NaN) : (number ?? NaN));
    }
  }
}

const HOLDS: Readonly<Record<Operator, (a: number, b: number) => boolean>> = {
  '<=': (a, b) => a <= b,
  '>=': (a, b) => a >= b,
  '==': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '<': (a, b) => a < b,
  '>': (a, b) => a > b,
};
