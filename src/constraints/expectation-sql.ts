import { LONGEST_MATCHED, type Condition } from '../domain/expectation.js';
import { literal, numberLiteral } from '../store/sql-text.js';
import type { RowColumns } from './row-columns.js';

/** Which rows a condition is asked of, and which of those break it. */
export interface Broken {
  readonly asked: string;
  readonly broken: string;
}

/** A condition over a row of `predictions`, as SQL over the columns that `columns` names. */
export function brokenSql(condition: Condition, columns: RowColumns): Broken {
  switch (condition.kind) {
    case 'range': {
      const x = columns.number(condition.feature);
      const below = condition.min === null ? '0' : `${x} < ${numberLiteral(condition.min)}`;
      const above = condition.max === null ? '0' : `${x} > ${numberLiteral(condition.max)}`;
      return { asked: columns.hasNumber(condition.feature), broken: `${below} OR ${above}` };
    }
    case 'pattern': {
      const text = `substringUTF8(toString(${columns.text(condition.feature)}), 1, ${LONGEST_MATCHED})`;
      return {
        asked: columns.hasText(condition.feature),
        broken: `NOT match(${text}, ${literal(condition.pattern)})`,
      };
    }
    case 'values': {
      const { feature, texts, numbers } = condition;
      const isText = columns.hasText(feature);
      const among = `has([${texts.map(literal).join(', ')}], toString(${columns.text(feature)}))`;
      const amongNumbers = `has(CAST([${numbers.map(numberLiteral).join(', ')}], 'Array(Float64)'), ${columns.number(feature)})`;
      return { asked: columns.has(feature), broken: `NOT if(${isText}, ${among}, ${amongNumbers})` };
    }
    case 'nulls':
      return { asked: '1', broken: `NOT ${columns.has(condition.feature)}` };
    case 'relation': {
      const { a, operator, b, number } = condition;
      const right = b === null ? numberLiteral(number ?? 0) : columns.number(b);
      const asked = `${columns.hasNumber(a)}${b === null ? '' : ` AND ${columns.hasNumber(b)}`}`;
      return { asked, broken: `NOT (${columns.number(a)} ${operator} ${right})` };
    }
  }
}
