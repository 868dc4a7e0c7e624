import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { mayNotText } from '../domain/roles.js';
import { KeyDoor, TooManyWrongKeys } from '../registry/key-door.js';
import { calledText, mayDo, type Principal } from '../registry/principal.js';
import { bearerToken } from '../registry/request-token.js';
import { isCallbackToken } from '../retraining/callback-token.js';
import type { Retraining } from '../retraining/retraining.js';
import { principalOf } from './access.js';
import { KeyReach } from './reach.js';
import { refusal } from './refusal.js';
import { TakenAlong } from './taken-along.js';

/** Who may have what a training run learns from. */
@Injectable()
export class RunAccess {
  constructor(
    private readonly door: KeyDoor,
    private readonly reach: KeyReach,
    private readonly along: TakenAlong,
  ) {}

  /** Lets the job of the run pass, by the token of the run, and keys that may read and take along what is of its model. Throws a refusal. */
  async admit(id: string, run: Retraining | undefined, request: Request): Promise<void> {
    const token = bearerToken(request.headers) ?? '';
    if (run && isCallbackToken(token, run.tokenHash)) return;
    const principal = this.principalOf(request);
    if (principal === null)
      throw refusal(401, 'unauthenticated', 'send the token of the run, or a key that may read');
    if (!mayDo(principal, 'examine'))
      throw refusal(403, 'forbidden', `${calledText(principal)} ${mayNotText('examine')}`);
    const beyond = this.reach.beyond(principal, 'retraining', { id });
    if (beyond !== null) throw refusal(403, 'forbidden', `${calledText(principal)} is for ${beyond}`);
    const taken = { what: `what training ${id} learns from`, models: run ? [run.model] : [] };
    const why = await this.along.whyNot(principal, taken);
    if (why !== null) throw refusal(403, 'wrong_region', why);
  }

  private principalOf(request: Request): Principal | null {
    try {
      return principalOf(this.door, request);
    } catch (error) {
      if (!(error instanceof TooManyWrongKeys)) throw error;
      request.res?.set('Retry-After', String(error.retryAfterS));
      throw refusal(429, error.code, error.message);
    }
  }
}
