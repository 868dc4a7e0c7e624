import type { RawEvent, Rejection } from '../../domain/event.js';
import { DatabaseError } from '../../store/database.js';

/**
 * Refusals that no retry heals and that no event can bring about: something is wrong with the schema, the rights, the settings or
 * the stored data. Names of the engine's errors.
 */
const OF_THE_STORE = new Set([
  'UNKNOWN_TABLE',
  'UNKNOWN_DATABASE',
  'UNKNOWN_IDENTIFIER',
  'UNKNOWN_FUNCTION',
  'UNKNOWN_SETTING',
  'NO_SUCH_COLUMN_IN_TABLE',
  'NOT_FOUND_COLUMN_IN_BLOCK',
  'THERE_IS_NO_COLUMN',
  'NUMBER_OF_COLUMNS_DOESNT_MATCH',
  'SYNTAX_ERROR',
  'AUTHENTICATION_FAILED',
  'REQUIRED_PASSWORD',
  'ACCESS_DENIED',
  'READONLY',
  'QUERY_IS_PROHIBITED',
  'TABLE_IS_DROPPED',
  'CORRUPTED_DATA',
  'CHECKSUM_DOESNT_MATCH',
  'FILE_DOESNT_EXIST',
  'NO_FILE_IN_DATA_PART',
  'LICENSE_EXPIRED',
]);
/** What a smaller insert may be spared: memory, and more months than one insert may touch. */
const OF_THE_SIZE = new Set(['MEMORY_LIMIT_EXCEEDED', 'TOO_MANY_PARTS', 'INVALID_COLUMNS']);
/** So many events of one batch may be refused one by one: more are not the fault of single events. */
const MOST_ROWS_APART = 32;

export interface ApartSteps {
  /** Stores events in one insert; which of them were refused, by index. Throws DatabaseError. */
  readonly insert: (events: readonly RawEvent[]) => Promise<readonly Rejection[]>;
  /** Keeps an event that the store refuses as a dead letter; throws when that cannot be stored either. */
  readonly bury: (event: RawEvent, error: DatabaseError) => Promise<Rejection>;
}

/**
 * Stores events so that one which the store refuses does not hold up the others: a refused insert is halved until the event that
 * brings it about stands alone. Throws what the store said when that is not the fault of an event; storing all of them again is
 * then safe.
 */
export async function storeApart(
  events: readonly RawEvent[],
  steps: ApartSteps,
): Promise<readonly Rejection[]> {
  let buried = 0;
  const store = async (part: readonly RawEvent[], from: number): Promise<readonly Rejection[]> => {
    try {
      return (await steps.insert(part)).map((rejection) => ({ ...rejection, index: rejection.index + from }));
    } catch (error) {
      const [first] = part;
      if (first === undefined || !mayBeAnEvents(error)) throw error;
      if (part.length === 1) {
        if (error.retryable || (buried += 1) > MOST_ROWS_APART) throw error;
        return [{ ...(await steps.bury(first, error)), index: from }];
      }
      const middle = part.length >> 1;
      return [
        ...(await store(part.slice(0, middle), from)),
        ...(await store(part.slice(middle), from + middle)),
      ];
    }
  };
  return store(events, 0);
}

function mayBeAnEvents(error: unknown): error is DatabaseError {
  if (!(error instanceof DatabaseError)) return false;
  return OF_THE_SIZE.has(error.code) || (!error.retryable && !OF_THE_STORE.has(error.code));
}
