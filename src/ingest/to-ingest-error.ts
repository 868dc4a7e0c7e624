import { DatabaseError } from '../store/database.js';
import { IngestError } from './ingest-error.js';

/** Why events were not stored, as whoever sent them is told. */
export function toIngestError(error: unknown): IngestError {
  if (error instanceof IngestError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  if (error instanceof DatabaseError && !error.retryable)
    return new IngestError(`the store refused the events: ${reason}`, 'STORE_REFUSED', false, {
      cause: error,
    });
  return new IngestError(`the store cannot take events now: ${reason}`, 'STORE_UNAVAILABLE', true, {
    cause: error,
  });
}
