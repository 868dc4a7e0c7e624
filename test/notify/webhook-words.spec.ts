import { expect, it } from 'vitest';
import { CaseEventData, type CaseMessage } from '../../src/domain/case-message.js';
import { caseEvent } from '../../src/notify/cloud-event.js';
import { emailMessage } from '../../src/notify/email-message.js';
import { change, incident } from '../support/incidents.js';
import { OutboxBench } from '../support/outbox-bench.js';

/** The message about these changes, and what a webhook carries of it. */
async function sent(...changes: Parameters<OutboxBench['tell']>) {
  const bench = new OutboxBench({ ops: [{ kind: 'console' }] }, []);
  await bench.tell(...changes);
  const message = bench.entriesOf('delivery.requested').at(-1)?.data['message'] as unknown as CaseMessage;
  const { data } = JSON.parse(caseEvent('d-1', message, bench.time)) as { data: unknown };
  return { message, data: CaseEventData.parse(data) };
}

it('a webhook says what people read beside the words of the check', async () => {
  const summary = 'feature drift of age: values are higher by 2.5 reference standard deviations';
  const age = incident('age', { summary });
  const { message, data } = await sent(change('opened', age, { reason: summary }));
  expect(data.reasons).toEqual([summary]);
  expect(data.reasonsInWords).toEqual(['age has moved: +2.5 sd over 1 window']);
  expect(data.findings[0]?.words).toMatch(/^age: \+2\.5 sd over 1 window, windows 2026-11-21 09:00 to /u);
  const mail = emailMessage(message).text;
  for (const { name, text } of data.facts) expect(mail).toContain(`${name}: ${text}`);
  expect(data.facts.map(({ name }) => name)).toEqual(['By how much', 'Since', 'How sure', 'Touches', 'Next']);
});
