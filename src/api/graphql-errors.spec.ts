import { GraphQLError } from 'graphql';
import { describe, expect, it } from 'vitest';
import { PolicyError } from '../policies/policy-error.js';
import { DatabaseError } from '../store/database.js';
import { Log } from '../telemetry/log.js';
import { BadInput, userErrorsOf, withoutEngineText } from './graphql-errors.js';

const format = withoutEngineText(Log.silent());
const internal = (original: Error) => {
  const error = new GraphQLError(original.message, { originalError: original });
  return format({ message: error.message, extensions: { code: 'INTERNAL_SERVER_ERROR' } }, error);
};

describe('what a client reads of an error', () => {
  it('is nothing that the engine said', () => {
    const said = 'Unknown column `x` in SELECT x FROM predictions';
    const errors = [
      internal(new DatabaseError(said, 'UNKNOWN_IDENTIFIER', false)),
      internal(new DatabaseError(said, 'ECONNREFUSED', true)),
      internal(new TypeError(said)),
    ];
    expect(JSON.stringify(errors)).not.toContain('SELECT');
    expect(errors.map(({ extensions }) => extensions?.['code'])).toEqual([
      'INTERNAL_SERVER_ERROR',
      'UNAVAILABLE',
      'INTERNAL_SERVER_ERROR',
    ]);
  });

  it('is what was meant for it, as it is', () => {
    const error = new BadInput('first: at most 200', 'first');
    const formatted = { message: error.message, extensions: error.extensions };
    expect(format(formatted, error)).toBe(formatted);
    const query = new GraphQLError('Syntax Error: too deep');
    const refused = { message: query.message, extensions: { code: 'INTERNAL_SERVER_ERROR' } };
    expect(format(refused, query)).toBe(refused);
  });

  it('is a sentence for each place of a policy that must not come into force', () => {
    const error = new PolicyError([
      { file: 'strict.yaml', line: 3, message: 'kind is "Polizy"' },
      { file: 'strict.yaml', line: 9, message: 'test "calm" fails' },
    ]);
    expect(userErrorsOf(error)).toEqual([
      { field: ['input'], message: 'strict.yaml:3: kind is "Polizy"', code: 'bad_policy' },
      { field: ['input'], message: 'strict.yaml:9: test "calm" fails', code: 'bad_policy' },
    ]);
  });

  it('is no user error when the engine refused', () => {
    const error = new DatabaseError('Syntax error at SELECT', 'SYNTAX_ERROR', false);
    expect(() => userErrorsOf(error)).toThrow(error);
  });
});
