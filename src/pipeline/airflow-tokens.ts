import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Clock } from '../domain/clock.js';
import { httpOutcome } from '../notify/http-outcome.js';
import type { HttpSender } from '../notify/http-sender.js';
import type { DeliveryOutcome } from '../notify/notifier.js';
import type { RetrainTarget } from '../retraining/target.js';

type Airflow = Extract<RetrainTarget, { kind: 'airflow' }>;
/** A token, or why there is none now. */
export type TokenAnswer = { readonly token: string } | { readonly failure: DeliveryOutcome };

const Answer = z.object({ access_token: z.string().min(1) });

/** API tokens for Airflow 3: fixed, from a file read at every attempt, or fetched with user and password and kept until one is refused. */
export class AirflowTokens {
  private readonly kept = new Map<string, string>();

  constructor(
    private readonly http: HttpSender,
    private readonly clock: Clock,
  ) {}

  async of(target: Airflow): Promise<TokenAnswer> {
    if (target.token !== undefined) return { token: target.token };
    if (target.tokenFile !== undefined) return tokenFromFile(target.tokenFile);
    const kept = this.kept.get(placeOf(target));
    return kept === undefined ? this.fetch(target) : { token: kept };
  }

  /** After a 401: a fetched token is fetched anew; null where only somebody else can renew it. */
  async renewed(target: Airflow): Promise<TokenAnswer | null> {
    if (target.user === undefined) return null;
    this.kept.delete(placeOf(target));
    return this.fetch(target);
  }

  private async fetch(target: Airflow): Promise<TokenAnswer> {
    const { url, user: username, password } = target;
    const result = await this.http.send(
      {
        method: 'POST',
        url: `${url.replace(/\/+$/, '')}/auth/token`,
        headers: { 'content-type': 'application/json', 'user-agent': 'tidewatch' },
        body: JSON.stringify({ username, password }),
      },
      this.clock.now(),
    );
    const outcome = httpOutcome(result);
    if (outcome.kind !== 'delivered' || result.kind !== 'response') return { failure: harmless(outcome) };
    const token = tokenIn(result.body);
    if (token === null) return refused('/auth/token of Airflow answered without an access_token');
    this.kept.set(placeOf(target), token);
    return { token };
  }
}

function placeOf({ url, user, password }: Airflow): string {
  return JSON.stringify([url, user, password]);
}

/** Without a token nothing was started, so doubt about it is none about the run. */
function harmless(outcome: DeliveryOutcome): DeliveryOutcome {
  if (outcome.kind !== 'ambiguous') return outcome;
  return { kind: 'retry', code: outcome.code, error: outcome.error, retryAfterMs: null };
}

/** A token that something else writes into a file, read at every attempt. */
export function tokenFromFile(path: string): TokenAnswer {
  try {
    const token = readFileSync(path, 'utf8').trim();
    return token === '' ? refused(`the token file ${path} is empty`) : { token };
  } catch {
    return refused(`the token file ${path} cannot be read`);
  }
}

function tokenIn(body: string): string | null {
  try {
    return Answer.safeParse(JSON.parse(body)).data?.access_token ?? null;
  } catch {
    return null;
  }
}

function refused(error: string): TokenAnswer {
  return { failure: { kind: 'refused', code: 'no_token', error } };
}
