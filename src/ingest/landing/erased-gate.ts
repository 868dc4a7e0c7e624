import { textOf } from '../../domain/json-object.js';
import type { RawEvent } from '../../domain/event.js';
import type { ErasedPersons } from '../../records/erased-persons.js';
import { fieldsOf } from '../formats/message.js';
import { jsonIn } from '../formats/parse-json.js';
import type { Gate, Refused } from './gate.js';

/** The person that bytes name which are no JSON: cut off, as a rule. */
const SUBJECT = /"subject"\s*:\s*("(?:[^"\\]|\\.)*")/u;

interface Named {
  readonly model: string;
  readonly id: string;
  readonly subject: string;
}

/** Keeps out what is about persons who were erased: nothing of it is kept. It costs nothing while nobody was. */
export class ErasedGate implements Gate {
  constructor(private readonly erased: ErasedPersons) {}

  async refused(events: readonly RawEvent[]): Promise<readonly Refused[]> {
    if (this.erased.isEmpty) return [];
    await this.erased.follow();
    return events.flatMap(({ value }, index) => {
      const { model, id, subject } = namedIn(value);
      const why = this.whyNot(model, id, subject);
      return why === null ? [] : [{ index, model, code: 'erased_subject', message: why, keepsBytes: false }];
    });
  }

  private whyNot(model: string, id: string, subject: string): string | null {
    const seq = subject === '' ? null : this.erased.person(subject);
    if (seq !== null)
      return `the person that this event is about was erased (entry ${seq} of the ledger): nothing of it is kept`;
    if (id === '' || !this.erased.hasPrediction(model, id)) return null;
    return 'the prediction that this event is about was erased with the person it was of: nothing of it is kept';
  }
}

function namedIn(value: Buffer): Named {
  const text = value.toString('utf8');
  const json = jsonIn(text);
  const field = (name: string) => textOf(fieldsOf(json)[name]);
  if (json !== undefined)
    return { model: field('model'), id: field('prediction_id'), subject: field('subject') };
  return { model: '', id: '', subject: textOf(jsonIn(SUBJECT.exec(text)?.[1] ?? '')) };
}
