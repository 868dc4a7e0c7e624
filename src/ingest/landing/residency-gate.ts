import type { RawEvent } from '../../domain/event.js';
import { barredText, type Barred, type Residency } from '../../registry/residency.js';
import type { Gate, Refused } from './gate.js';
import { jsonIn } from '../formats/parse-json.js';
import { fieldsOf } from '../formats/message.js';

/** The model that bytes name which are no JSON: cut off, as a rule. */
const MODEL = /"model"\s*:\s*("(?:[^"\\]|\\.)*")/u;
/** An escaped letter: the name may be written so. */
const ESCAPED = '\\u';

/** Rows that were kept out and are not in the ledger yet. */
export interface KeptOut {
  readonly barred: Barred;
  readonly rows: number;
}

/** Keeps out rows of models whose data may not lie here: nothing of them is kept. It costs nothing while all may. */
export class ResidencyGate implements Gate {
  private readonly counted = new Map<string, KeptOut>();

  constructor(private readonly residency: Pick<Residency, 'barredHere' | 'here'>) {}

  refused(events: readonly RawEvent[]): readonly Refused[] {
    const known = this.residency.barredHere;
    if (known.size === 0) return [];
    const names = [...known.keys()];
    return events.flatMap(({ value }, index) => {
      const barred = known.get(modelIn(value, names));
      if (!barred) return [];
      const { model } = barred;
      this.counted.set(model, { barred, rows: (this.counted.get(model)?.rows ?? 0) + 1 });
      const fix = this.residency.here === null ? ': set TIDEWATCH_REGION' : ': send them to a service that lies there';
      const message = `${barredText([barred], 'this service', this.residency.here)}${fix}`;
      return [{ index, model, code: 'wrong_region' as const, message, keepsBytes: false }];
    });
  } // prettier-ignore

  /** What was kept out since it was last recorded. */
  waiting(): readonly KeptOut[] {
    return [...this.counted.values()];
  }

  /** These rows are in the ledger. */
  recorded({ barred: { model }, rows }: KeptOut): void {
    const found = this.counted.get(model);
    if (!found) return;
    if (found.rows > rows) this.counted.set(model, { ...found, rows: found.rows - rows });
    else this.counted.delete(model);
  }
}

/** The model of an event, where it can be one of some names; '' where it is none of them. A look at the bytes spares most events the parse. */
function modelIn(value: Buffer, names: readonly string[]): string {
  if (!value.includes(ESCAPED) && !names.some((name) => value.includes(name))) return '';
  const text = value.toString('utf8');
  const json = jsonIn(text);
  const model = json === undefined ? jsonIn(MODEL.exec(text)?.[1] ?? '') : fieldsOf(json)['model'];
  return typeof model === 'string' ? model : '';
}
