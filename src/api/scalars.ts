import { Scalar, type CustomScalar } from '@nestjs/graphql';
import { Kind, type ValueNode, valueFromASTUntyped } from 'graphql';
import { instant } from './request.js';

/** RFC 3339 instants. */
@Scalar('DateTime')
export class DateTimeScalar implements CustomScalar<string, Date | null> {
  parseValue(value: unknown): Date | null {
    return instant(value as string);
  }

  serialize(value: unknown): string {
    return (value instanceof Date ? value : new Date(value as string | number)).toISOString();
  }

  parseLiteral(node: ValueNode): Date | null {
    return instant(node.kind === Kind.STRING ? node.value : '');
  }
}

/** Any JSON value. */
@Scalar('JSON')
export class JsonScalar implements CustomScalar<unknown, unknown> {
  parseValue(value: unknown): unknown {
    return value;
  }

  serialize(value: unknown): unknown {
    return value;
  }

  parseLiteral(node: ValueNode): unknown {
    return valueFromASTUntyped(node);
  }
}
