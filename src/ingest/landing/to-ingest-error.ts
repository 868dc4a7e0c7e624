import { DatabaseError } from '../../store/database.js';
import { SchemaRegistryError } from '../formats/schema-registry-error.js';
import { HttpRefusal } from '../http/http-refusal.js';
import { IngestError } from './ingest-error.js';

/** Why events were not stored, as whoever sent them is told; what the engine said is the cause, and for the log. */
export function toIngestError(error: unknown): IngestError {
  if (error instanceof IngestError) return error;
  if (error instanceof DatabaseError && !error.retryable)
    return new IngestError(
      `the store refused the events (${error.code}): the service's log says why`,
      'STORE_REFUSED',
      false,
      { cause: error },
    );
  const why = error instanceof DatabaseError ? ` (${error.code})` : '';
  return new IngestError(
    `the store cannot take events now${why}: send them again later`,
    'STORE_UNAVAILABLE',
    true,
    { cause: error },
  );
}

/** The same as an answer over HTTP (503); anything but a store or a schema registry that is away is given back as it is. */
export function toRefusal(error: unknown): unknown {
  if (error instanceof DatabaseError) return toRefusal(toIngestError(error));
  if (!(error instanceof IngestError) && !(error instanceof SchemaRegistryError)) return error;
  return new HttpRefusal(error.message, 503, error.code.toLowerCase(), error.retryable ? 2 : null, {
    cause: error,
  });
}
