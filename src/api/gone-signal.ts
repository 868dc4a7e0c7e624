import type { Response } from 'express';

/** Aborted when the connection is closed before the answer is written: what is left of the work is for nobody. */
export function goneSignal(response: Response): AbortSignal {
  const gone = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) gone.abort();
  });
  return gone.signal;
}
