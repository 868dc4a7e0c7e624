import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { endServer, listenLocally, portOf } from './local-server.js';

type Json = Readonly<Record<string, unknown>>;
type Answer = readonly [status: number, body: unknown, headers?: Readonly<Record<string, string>>];
interface Call {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: unknown;
  readonly bytes: number;
}

/** An alert as a tool knows it. */
export interface ToolAlert {
  state: 'open' | 'acknowledged' | 'resolved';
  /** How often it was opened. */
  count: number;
  readonly said: Json[];
}

export const ROUTING_KEY = '0123456789abcdef0123456789abcdef';
export const GENIE_KEY = 'eb243592-faa2-4ba2-a551-q1afdf565c889';
export const BEARER = 'let-me-in';
type Tool = 'pagerduty' | 'opsgenie' | 'alertmanager' | 'teams' | 'oncall';

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const inside = (value: unknown, key: string): unknown => (value as Json | undefined)?.[key];
const isTime = (value: unknown): boolean => !Number.isNaN(Date.parse(text(value)));

/** PagerDuty, Opsgenie, Alertmanager, a workflow of Teams and Grafana OnCall over real HTTP, with their limits and words, from their documentation. */
export class AlertTools {
  readonly alerts: Readonly<Record<Tool, Map<string, ToolAlert>>> = {
    pagerduty: new Map(),
    opsgenie: new Map(),
    alertmanager: new Map(),
    teams: new Map(),
    oncall: new Map(),
  };
  readonly cards: Json[] = [];
  private readonly script: Answer[] = [];

  private constructor(
    private readonly server: Server,
    private readonly now: () => number,
  ) {}

  static async start(now: () => number): Promise<AlertTools> {
    const server = createServer();
    const tools = new AlertTools(server, now);
    server.on('request', (request, response) => void tools.take(request, response));
    await listenLocally(server);
    return tools;
  }

  get url(): string {
    return `http://127.0.0.1:${portOf(this.server)}`;
  }

  /** The next requests get these answers, one each. */
  reply(...answers: Answer[]): void {
    this.script.push(...answers);
  }

  async stop(): Promise<void> {
    await endServer(this.server);
  }

  private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const raw = await buffer(request);
    const { pathname: path, searchParams: query } = new URL(request.url ?? '/', this.url);
    const call = { path, query, headers: request.headers, body: JSON.parse(raw.toString('utf8')), bytes: raw.length }; // prettier-ignore
    const [status, body, headers] = this.script.shift() ?? this.answer(call);
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify(body));
  }

  private answer(call: Call): Answer {
    const tool = call.path.split('/')[1];
    if (tool === 'pagerduty') return this.pagerDuty(call);
    if (tool === 'opsgenie') return this.opsgenie(call);
    if (tool === 'alertmanager') return this.alertmanager(call);
    if (tool === 'teams') return this.teams(call);
    return tool === 'oncall' ? this.onCall(call) : [404, {}];
  }

  private open(tool: Tool, key: string, said: Json): void {
    const known = this.alerts[tool].get(key);
    if (!known || known.state === 'resolved')
      this.alerts[tool].set(key, { state: 'open', count: (known?.count ?? 0) + 1, said: [said] });
    else known.said.push(said);
  }

  private move(tool: Tool, key: string, state: ToolAlert['state']): boolean {
    const known = this.alerts[tool].get(key);
    if (known && known.state !== 'resolved') known.state = state;
    return known !== undefined;
  }

  /** developer.pagerduty.com, Events API v2. */
  private pagerDuty({ path, body, bytes }: Call): Answer {
    const invalid = (...errors: string[]): Answer => [400, { status: 'invalid event', message: 'Event object is invalid', errors }]; // prettier-ignore
    if (path !== '/pagerduty/v2/enqueue') return [404, {}];
    if (bytes > 512_000) return [413, {}];
    if (inside(body, 'routing_key') !== ROUTING_KEY) return invalid('Invalid routing key');
    const key = text(inside(body, 'dedup_key'));
    const action = inside(body, 'event_action');
    if (key === '' || key.length > 255) return invalid("'dedup_key' is too long");
    const payload = inside(body, 'payload');
    if (action === 'trigger') {
      const summary = text(inside(payload, 'summary'));
      if (summary === '' || summary.length > 1024) return invalid("'payload.summary' is missing or too long");
      if (text(inside(payload, 'source')) === '') return invalid("'payload.source' is missing or blank");
      if (!['critical', 'error', 'warning', 'info'].includes(text(inside(payload, 'severity'))))
        return invalid("'payload.severity' is invalid (must be one of the following: 'critical', 'warning', 'error' or 'info')"); // prettier-ignore
      if (!isTime(inside(payload, 'timestamp'))) return invalid("'payload.timestamp' is invalid");
      this.open('pagerduty', key, body as Json);
    } else if (action === 'acknowledge') this.move('pagerduty', key, 'acknowledged');
    else if (action === 'resolve') this.move('pagerduty', key, 'resolved');
    else return invalid("'event_action' is invalid");
    return [202, { status: 'success', message: 'Event processed', dedup_key: key }];
  }

  /** docs.opsgenie.com, Alert API. */
  private opsgenie({ path, query, headers, body }: Call): Answer {
    const invalid = (message: string): Answer => [422, { message: 'Request body is not processable. Please check the errors.', errors: { message } }]; // prettier-ignore
    if (headers.authorization !== `GenieKey ${GENIE_KEY}`)
      return [403, { message: 'You are not authorized to access Alert API' }];
    const found = /^\/opsgenie\/v2\/alerts(?:\/([^/]+)\/(close|acknowledge|notes))?$/u.exec(path);
    if (!found) return [404, {}];
    const taken: Answer = [202, { result: 'Request will be processed', took: 0.1, requestId: 'r' }];
    if (found[1] === undefined) {
      const message = text(inside(body, 'message'));
      if (message === '' || message.length > 130) return invalid('Message can not be empty or too long');
      if (text(inside(body, 'alias')).length > 512) return invalid('Alias is too long');
      if (text(inside(body, 'description')).length > 15_000) return invalid('Description is too long');
      if (!/^P[1-5]$/u.test(text(inside(body, 'priority'))))
        return invalid('Priority should be one of P1 to P5');
      const tags = inside(body, 'tags') as string[];
      if (tags.length > 20 || tags.some((tag) => tag.length > 50))
        return invalid('Tags are too many or too long');
      this.open('opsgenie', text(inside(body, 'alias')), body as Json);
      return taken;
    }
    if (query.get('identifierType') !== 'alias') return [422, { message: 'Identifier is not an id' }];
    const alias = decodeURIComponent(found[1]);
    // It answers before it looks: an alias that is not known is found out later.
    this.move('opsgenie', alias, found[2] === 'close' ? 'resolved' : 'acknowledged');
    return taken;
  }

  /** prometheus/alertmanager, api/v2/openapi.yaml. An alert is its labels. */
  private alertmanager({ path, headers, body }: Call): Answer {
    if (path !== '/alertmanager/api/v2/alerts') return [404, {}];
    if (headers.authorization !== `Bearer ${BEARER}`) return [401, 'Unauthorized'];
    if (!Array.isArray(body)) return [422, { code: 602, message: 'alerts in body must be of type array' }];
    for (const alert of body as Json[]) {
      const labels = Object.entries((alert['labels'] ?? {}) as Record<string, string>);
      const bad = labels.find(([name, value]) => !/^[a-zA-Z_][a-zA-Z0-9_]*$/u.test(name) || value === '');
      if (labels.length === 0 || bad) return [400, `invalid label set: ${String(bad)}`];
      if (!isTime(alert['startsAt']) || !isTime(alert['endsAt'])) return [400, 'bad time'];
      const [start, end] = [Date.parse(text(alert['startsAt'])), Date.parse(text(alert['endsAt']))];
      if (end < start) return [400, 'start time must be before end time'];
      const key = JSON.stringify(Object.fromEntries(labels.toSorted(([a], [b]) => (a < b ? -1 : 1))));
      if (end > this.now()) this.open('alertmanager', key, alert);
      else this.move('alertmanager', key, 'resolved');
    }
    return [200, {}];
  }

  /** A workflow "when a Teams webhook request is received": 28 KB, answers 202 before it posts. */
  private teams({ path, query, body, bytes }: Call): Answer {
    if (path !== '/teams/workflows/1/triggers/manual/paths/invoke' || query.get('sig') !== 'secret')
      return [401, { error: { code: 'DirectApiAuthorizationRequired' } }];
    if (bytes > 28_000) return [413, { error: { code: 'RequestEntityTooLarge' } }];
    const [attachment] = inside(body, 'attachments') as Json[];
    const card = attachment?.['content'] as Json | undefined;
    if (inside(body, 'type') !== 'message' || attachment?.['contentType'] !== 'application/vnd.microsoft.card.adaptive' || card?.['type'] !== 'AdaptiveCard')
      return [400, { error: { code: 'TriggerInputSchemaMismatch' } }]; // prettier-ignore
    this.cards.push(card);
    return [202, {}];
  }

  /** Grafana OnCall, formatted webhook. */
  private onCall({ path, body }: Call): Answer {
    if (path !== '/oncall/integrations/v1/formatted_webhook/token/') return [404, {}];
    const [uid, state] = [text(inside(body, 'alert_uid')), inside(body, 'state')];
    if (uid === '' || (state !== 'alerting' && state !== 'ok')) return [400, 'bad payload'];
    if (state === 'alerting') this.open('oncall', uid, body as Json);
    else this.move('oncall', uid, 'resolved');
    return [200, 'Ok.'];
  }
}
