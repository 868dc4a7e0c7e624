import { expect, it } from 'vitest';
import { alertmanagerTestBody } from './alertmanager.js';
import { testEvent } from './cloud-event.js';

const test = { type: 'test', at: '2026-11-21T10:00:00.000Z', by: 'anna', links: { channels: 'https://t.example/channels' } } as const; // prettier-ignore

it('a test in the format of Alertmanager is an alert of version 4 that is over', () => {
  expect(JSON.parse(alertmanagerTestBody(test))).toMatchObject({
    version: '4',
    status: 'resolved',
    externalURL: 'https://t.example',
    alerts: [
      {
        status: 'resolved',
        labels: { alertname: 'TidewatchTest' },
        annotations: { summary: expect.stringContaining('anna') as string },
      },
    ],
  });
});

it('a test as an event names its schema', () => {
  expect(JSON.parse(testEvent('d-1', test))).toMatchObject({
    dataschema: 'https://t.example/schemas/test.v1.json',
    data: { by: 'anna' },
  });
});
