import type { Clock } from '../domain/clock.js';
import type { HttpResult, HttpSender } from '../notify/http-sender.js';
import type { DeliveryOutcome } from '../notify/notifier.js';
import type { JobRequest } from '../retraining/launch-request.js';
import type { Orchestrator } from '../retraining/target.js';
import { AirflowTokens, tokenFromFile, type TokenAnswer } from './airflow-tokens.js';

/** States of runs come with much about the run. */
const KEPT_ANSWER = 65_536;

/** Speaks to orchestrators: finds the credentials of a target and sends what an adapter says. */
export class OrchestratorClient {
  private readonly airflow: AirflowTokens;

  constructor(
    private readonly http: HttpSender,
    private readonly clock: Clock,
  ) {
    this.airflow = new AirflowTokens(http, clock);
  }

  /** Does something with the target's Authorization header, once more with a new one after a 401 where there is a way to get one. */
  async with(
    target: Orchestrator,
    act: (authorization: string) => Promise<DeliveryOutcome>,
  ): Promise<DeliveryOutcome> {
    const first = await this.tokenOf(target);
    if ('failure' in first) return first.failure;
    const outcome = await act(authorizationOf(target, first.token));
    if (target.kind !== 'airflow' || outcome.kind !== 'refused' || outcome.code !== 'http_401')
      return outcome;
    const renewed = await this.airflow.renewed(target);
    if (renewed === null) return outcome;
    return 'failure' in renewed ? renewed.failure : act(authorizationOf(target, renewed.token));
  }

  /** The Authorization header of a target; null where there is none now. */
  async authorization(target: Orchestrator): Promise<string | null> {
    const found = await this.tokenOf(target);
    return 'failure' in found ? null : authorizationOf(target, found.token);
  }

  async send({ method, url, headers, body }: JobRequest): Promise<HttpResult> {
    const usual = { 'content-type': 'application/json', 'user-agent': 'tidewatch' };
    const text = body === null ? null : JSON.stringify(body);
    return this.http.send(
      { method, url, headers: { ...usual, ...headers }, body: text, keep: KEPT_ANSWER },
      this.clock.now(),
    );
  }

  private async tokenOf(target: Orchestrator): Promise<TokenAnswer> {
    if (target.kind === 'sagemaker') return { token: '' };
    if (target.kind === 'airflow') return isBasic(target) ? { token: '' } : this.airflow.of(target);
    if (target.token !== undefined) return { token: target.token };
    return tokenFromFile('tokenFile' in target ? (target.tokenFile ?? '') : '');
  }
}

/** Airflow 2 has no place to get a token: its API takes the password itself. */
function isBasic(target: Orchestrator): target is Extract<Orchestrator, { kind: 'airflow' }> {
  return target.kind === 'airflow' && target.version === 2 && target.user !== undefined;
}

function authorizationOf(target: Orchestrator, token: string): string {
  if (target.kind === 'sagemaker') return '';
  if (!isBasic(target)) return `Bearer ${token}`;
  return `Basic ${Buffer.from(`${target.user ?? ''}:${target.password ?? ''}`).toString('base64')}`;
}

/** The JSON of an answer; null where it is none. */
export function parsedBody(result: Extract<HttpResult, { kind: 'response' }>): unknown {
  try {
    return JSON.parse(result.body);
  } catch {
    return null;
  }
}
