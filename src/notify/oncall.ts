import type { HttpRequest } from './http-sender.js';
import { cut, type Spoken } from './spoken.js';

/** A "formatted webhook" integration of Grafana OnCall; its address is its secret. */
export interface OnCallDestination {
  readonly kind: 'oncall';
  readonly service: string;
  readonly url: string;
}

/** The formatted webhook: alerts with one `alert_uid` are one alert group, which `state: ok` resolves. */
export function onCallRequests({ url }: OnCallDestination, said: Spoken): readonly HttpRequest[] {
  const send = (state: 'alerting' | 'ok'): HttpRequest => ({
    method: 'POST',
    url,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      alert_uid: said.key,
      title: cut(said.title, 500),
      message: cut(said.lines.join('\n'), 15_000),
      state,
      link_to_upstream_details: said.link,
      labels: { severity: said.severity, ...said.labels },
    }),
  });
  if (said.isBrief) return [send('alerting'), send('ok')];
  return [send(said.state === 'over' ? 'ok' : 'alerting')];
}
