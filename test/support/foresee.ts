import type { EventKind, RawEvent } from '../../src/domain/event.js';
import { foreseenRefusal } from '../../src/ingest/landing/foreseen-refusal.js';
import type { ModelRule } from '../../src/ingest/landing/model-rule.js';

/** What a rehearsal says of an event; undefined where only its bytes show it (a field given twice), or the address that it is sent to. */
export function foresee(
  { event: { value, receivedAt }, message }: { readonly event: RawEvent; readonly message: string },
  kind: EventKind | null,
  rules: readonly ModelRule[],
) {
  const json = parsed(value);
  if (/given twice|contradicts|^type /u.test(message)) return undefined;
  const typed =
    typeof json === 'object' && json !== null && !Array.isArray(json) ? { type: kind, ...json } : json;
  const ruleOf = (model: string) => {
    const rule = rules.find(({ key }) => key === model);
    return rule
      ? { ...rule, classes: rule.classes ?? null, accepts: { past: rule.pastMs, future: rule.futureMs } }
      : null;
  };
  return foreseenRefusal(value, typed, { ruleOf, known: true, received: receivedAt });
}

function parsed(value: Buffer): unknown {
  try {
    return JSON.parse(value.toString());
  } catch {
    return undefined;
  }
}
