import type { Request, Response } from 'express';
import { HttpRefusal } from '../ingest/http/http-refusal.js';

/** Answers a request that was refused; whoever has left is told nothing. Throws what is no refusal. */
export function refuseRequest(request: Request, response: Response, error: unknown): void {
  if (request.errored || response.destroyed) return void response.destroy();
  if (!(error instanceof HttpRefusal)) throw error;
  const { status, code, message, retryAfter } = error;
  if (retryAfter !== null) response.set('Retry-After', String(retryAfter));
  // the rest of the body is not read
  response.set('Connection', 'close');
  response.status(status).json({ code, message });
}
