import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { destinationRef, destinationsById } from '../../src/notify/destination.js';
import { HttpSender } from '../../src/notify/http-sender.js';
import { parseChannels } from '../../src/notify/parse-channels.js';
import { testDestination } from '../../src/notify/test-destination.js';
import { ToolNotifier, TOOLS } from '../../src/notify/tool.notifier.js';
import { AlertTools, BEARER, GENIE_KEY, ROUTING_KEY } from '../support/alert-tools.js';
import { change, closed, incident } from '../support/incidents.js';
import { OutboxBench } from '../support/outbox-bench.js';

let tools: AlertTools;
let bench: OutboxBench;
let http: HttpSender;
type Tool = (typeof TOOLS)[number];

const ADDRESSES: Readonly<Record<Tool, (url: string) => string>> = {
  pagerduty: (url) => `{ kind: pagerduty, service: risk, routingKey: ${ROUTING_KEY}, url: "${url}/pagerduty/v2/enqueue" }`,
  opsgenie: (url) => `{ kind: opsgenie, service: risk, apiKey: ${GENIE_KEY}, url: "${url}/opsgenie" }`,
  alertmanager: (url) => `{ kind: alertmanager, url: "${url}/alertmanager", token: ${BEARER} }`,
  teams: (url) => `{ kind: teams, service: risk, url: "${url}/teams/workflows/1/triggers/manual/paths/invoke?sig=secret" }`,
  oncall: (url) => `{ kind: oncall, service: risk, url: "${url}/oncall/integrations/v1/formatted_webhook/token/" }`,
}; // prettier-ignore

beforeEach(async () => {
  tools = await AlertTools.start(() => bench.time.getTime());
  http = new HttpSender({ allow: ['127.0.0.0/8'], ports: [Number(new URL(tools.url).port)], proxies: { https: null, http: null, none: '' } });
}); // prettier-ignore
afterEach(async () => {
  await http.close();
  await tools.stop();
});

function open(tool: Tool): void {
  const channels = parseChannels(`channels: { ops: [${ADDRESSES[tool](tools.url)}] }`, () => undefined);
  const destinations = destinationsById(channels);
  const clock = { now: () => bench.time };
  const notifiers = TOOLS.map((kind) => new ToolNotifier(kind, http, () => destinations, clock));
  bench = new OutboxBench(channels, notifiers);
}

const age = incident('age', { severity: 'warning' });
const worse = { ...age, severity: 'critical' } as const;
async function tell(...changes: Parameters<OutboxBench['tell']>): Promise<void> {
  await bench.tell(...changes);
  bench.advance(20_000);
  await bench.drain();
}
const only = (tool: Tool) => [...tools.alerts[tool].values()];
const states = () => bench.deliveries.list().map(({ state }) => state);

describe.each(['pagerduty', 'opsgenie', 'oncall'] as const)('%s', (tool) => {
  it('has one alert for a case, that is opened, taken on and resolved with it, and once more when it is back', async () => {
    open(tool);
    await tell(change('opened', age));
    await tell(change('escalated', worse));
    expect(only(tool)).toMatchObject([{ state: 'open', count: 1 }]);
    const held = { ...worse, state: 'ACKNOWLEDGED', acknowledgedBy: 'anna' } as const;
    await tell(change('acknowledged', held));
    expect(only(tool)).toMatchObject([{ state: tool === 'oncall' ? 'open' : 'acknowledged', count: 1 }]);
    await tell(change('closed', closed(worse)));
    expect(only(tool)).toMatchObject([{ state: 'resolved', count: 1 }]);
    await tell(change('reopened', age));
    expect(only(tool)).toMatchObject([{ state: 'open', count: 2 }]);
    expect(JSON.stringify(only(tool)[0]?.said)).toContain('age has moved');
    expect(new Set(states())).toEqual(new Set(['delivered']));
  });
});

describe('alertmanager', () => {
  it('has one alert that fires, whatever the severity, and none when the case is over', async () => {
    open('alertmanager');
    await tell(change('opened', age));
    await tell(change('escalated', worse));
    const firing = () => only('alertmanager').filter(({ state }) => state === 'open');
    expect(firing()).toMatchObject([{ said: [{ labels: { alertname: 'TidewatchCase', case: 'case-1', severity: 'critical' } }] }]); // prettier-ignore
    await tell(change('closed', closed(worse)));
    expect(firing()).toEqual([]);
    expect(new Set(states())).toEqual(new Set(['delivered']));
  });
});

describe('teams', () => {
  it('is told by cards within 28 KB whose texts make no links', async () => {
    open('teams');
    const evil = '[click](https://evil.example) '.repeat(200);
    await tell(
      ...Array.from({ length: 40 }, (_, n) => change('opened', incident(`f${n}`, { summary: evil }))),
    );
    expect(states()).toEqual(['delivered']);
    const [card] = tools.cards;
    expect(JSON.stringify(card)).toContain('[click](https://evil.example)');
    expect(JSON.stringify(card)).not.toContain('"type":"TextBlock"');
  });
});

describe.each(TOOLS)('%s', (tool) => {
  it('is tried again after 429 and 500, at once dead on 400, tried as long as the case is open on 403', async () => {
    open(tool);
    tools.reply([429, {}, { 'retry-after': '30' }], [500, {}]);
    await bench.tell(change('opened', age));
    await bench.drain();
    expect(bench.deliveries.list()).toMatchObject([{ state: 'retry', code: 'http_429' }]);
    bench.advance(31_000);
    await bench.drain();
    expect(bench.deliveries.list()).toMatchObject([{ state: 'ambiguous', code: 'http_500' }]);
    bench.advance(60_000);
    await bench.drain();
    expect(bench.deliveries.list()).toMatchObject([{ state: 'delivered' }]);
    tools.reply([400, { errors: ['nonsense'] }], [403, {}]);
    await bench.tell(change('opened', incident('b'), { caseId: 'case-2' }));
    await bench.drain();
    await bench.tell(change('opened', incident('c'), { caseId: 'case-3' }));
    await bench.drain();
    // The third is what the console, which nothing reaches here, is to hear of what is dead.
    expect(
      states()
        .filter((state) => state !== 'delivered')
        .toSorted(),
    ).toEqual(['dead', 'retry', 'retry']);
  });

  it('answers a test that is refused at once: nobody waits for a second try', async () => {
    open(tool);
    tools.reply([401, {}]);
    const context = { channels: bench.channels, deliveries: bench.deliveries, baseUrl: 'https://t.example' };
    await bench.ledger.transact((now) => testDestination(context, { to: 'ops', by: 'anna' }, now));
    await bench.drain();
    expect(bench.deliveries.list('dead')).toMatchObject([{ purpose: 'test', code: 'http_401' }]);
  });

  it('takes a test that is over at once, and shows neither key nor secret address', async () => {
    open(tool);
    const context = { channels: bench.channels, deliveries: bench.deliveries, baseUrl: 'https://t.example' };
    await bench.ledger.transact((now) => testDestination(context, { to: 'ops', by: 'anna' }, now));
    await bench.drain();
    expect(states()).toEqual(['delivered']);
    bench.advance(61_000);
    const said = [...only(tool).flatMap((one) => one.said), ...tools.cards];
    expect(JSON.stringify(said)).toMatch(/asked for by anna/u);
    if (tool !== 'alertmanager') expect(only(tool).every(({ state }) => state === 'resolved')).toBe(true);
    const [ref] = (bench.channels['ops'] ?? []).map(destinationRef);
    for (const secret of [ROUTING_KEY, GENIE_KEY, BEARER, 'sig=secret', 'formatted_webhook/token'])
      expect(JSON.stringify([ref, bench.ledger.entries])).not.toContain(secret);
  });
});
