import type { News } from '../domain/case-message.js';
import { secondText, utcText } from '../domain/wording.js';
import type { Delivery } from '../notify/delivery.js';
import { DELIVERY_MEANING } from '../notify/delivery-words.js';
import type { Explanation, Step } from './why-not.js';

/** Why a message was owed to somebody: what happened, which rule found it, which channel led there, and what became of it. Pure. */
export function whyNotified({
  message,
  channel,
  destination,
  purpose,
  state,
  error,
  held,
  nextAt,
}: Delivery): Explanation {
  const to = `${destination.kind} ${destination.address}`;
  const steps: Step[] = [
    { looked: 'purpose', found: purpose },
    { looked: 'channel', found: channel === 'settlement' || channel === 'reminder' ? `${to} was told of the case before` : `${channel} leads to ${to}` },
    ...('instead' in message && message.instead ? [{ looked: 'in the place of', found: message.instead }] : []),
    ...(message.type === 'case' && message.call ? [{ looked: 'call', found: message.call.text }] : []),
    ...(held === null ? [] : [{ looked: 'held', found: held === 'budget' ? 'the budget of messages is used up' : 'it is a quiet time' }]),
    { looked: 'delivery', found: `${error === null ? state : `${state}, ${error}`}: ${DELIVERY_MEANING[state]}` },
    ...(WAITING.has(state) && held === null ? [{ looked: 'next', found: `from ${secondText(nextAt)} UTC on` }] : []),
    ...(message.type === 'retrain' && message.notBefore > message.requestedAt ? [{ looked: 'not before', found: `${secondText(new Date(message.notBefore))} UTC: its newest rows wait for their labels (labelDelay)` }] : []),
  ]; // prettier-ignore
  if (message.type !== 'case') return { notified: state === 'delivered', cause: causeOf(state), text: `${to}: ${'summary' in message ? message.summary : purpose}`, steps }; // prettier-ignore
  const rules = [
    ...new Set(message.findings.map(({ policy }) => `${policy.id} v${policy.version}, rule ${policy.rule}`)),
  ];
  const newsText = ({ kind, text }: News): string => `${kind}: ${text}`;
  // What is over of a case that opens, since somebody else heard of that, is not what it opens with.
  const isSaid = ({ kind }: News): boolean =>
    purpose === 'updated' || purpose === 'closed' || !ENDS.has(kind);
  const said = message.news.filter(isSaid).map(newsText).join('; ') || message.summary;
  return {
    notified: state === 'delivered',
    cause: causeOf(state),
    text: `${to} hears that the case was ${purpose}: ${said}`,
    steps: [
      { looked: 'rules', found: rules.join('; ') },
      { looked: 'since', found: message.since === null ? 'unknown' : utcText(new Date(message.since)) },
      { looked: 'reasons', found: (message.reasonsInWords ?? message.reasons).join('; ') },
      ...(message.news.every(isSaid)
        ? []
        : [{ looked: 'news', found: message.news.map(newsText).join('; ') }]),
      ...steps,
    ],
  };
}

const ENDS: ReadonlySet<News['kind']> = new Set(['recovering', 'closed', 'withdrawn', 'superseded']);

const WAITING: ReadonlySet<Delivery['state']> = new Set(['queued', 'retry', 'ambiguous']);

function causeOf(state: Delivery['state']): Explanation['cause'] {
  if (state === 'delivered') return 'NOTIFIED';
  return state === 'queued' || state === 'superseded' ? 'DEBOUNCE' : 'NOT_DELIVERED';
}
