import type { Request, Response } from 'express';
import type { SignOn } from '../registry/sign-on.js';
import { setSessionCookie } from './key-cookie.js';

const lost = new WeakSet<Request>();

/** Whether a browser came with a sign-in that counts no more: it was over, or the provider has to be asked again. */
export function hasLostSignIn(request: Request): boolean {
  return lost.has(request);
}

/** Finds out which person sent a request before anything else is done with it, and keeps what their browser holds up to date. */
export function recognised(signOn: SignOn) {
  return async (request: Request, response: Response, next: () => void): Promise<void> => {
    const cookie = await signOn.recognise(request);
    if (cookie === '') lost.add(request);
    if (cookie !== null) setSessionCookie(request, response, cookie);
    next();
  };
}
