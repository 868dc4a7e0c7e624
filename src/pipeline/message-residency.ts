import type { Message } from '../domain/delivery.js';
import { SYSTEM, type NewEntry } from '../domain/ledger-entry.js';
import type { Place } from '../domain/residency.js';
import type { Delivery } from '../notify/delivery.js';
import { OWN_CONSOLE, placeOf } from '../notify/destination.js';
import { modelsOf } from '../notify/models-of.js';
import { barredText, type Barred } from '../registry/residency.js';
import { placeOfTarget, TARGET_ID } from '../retraining/target.js';
import type { Stages } from './stages.js';

type Parts = Pick<Stages, 'residency' | 'residencyRefusals' | 'channels' | 'guards'>;

/** Which messages may go to which destinations, by where the data of their models has to stay and where the destinations lie. */
export class MessageResidency {
  constructor(private readonly parts: Parts) {}

  /** Why a message may not go to a destination, and what to do; null where it may. */
  whyNot(message: Message, destination: string): string | null {
    const barred = this.barred(modelsOf(message), destination);
    if (barred.length === 0) return null;
    const where = destination.startsWith(TARGET_ID) ? 'the target of the retraining file' : 'the destination of the channels file';
    return `${barredText(barred, 'this destination', this.placeOf(destination))}: send it elsewhere, or say with liesIn where ${where} lies`;
  } // prettier-ignore

  /** Whether a model may not be told of to a destination. */
  isBarred(destination: string, model: string): boolean {
    return this.barred([model], destination).length > 0;
  }

  /** What is recorded of a message that ended because of it. */
  entries({ id, message, destination: { id: to, kind, address } }: Delivery, at: Date): readonly NewEntry[] {
    const place = this.placeOf(to);
    const said = { door: 'message', place, to: `${kind} ${address}`, actor: SYSTEM, data: { delivery: id } } as const;
    return this.barred(modelsOf(message), to).flatMap((barred) =>
      this.parts.residencyRefusals.note({ ...said, barred }, at),
    );
  } // prettier-ignore

  private barred(models: readonly string[], destination: string): readonly Barred[] {
    if (destination === OWN_CONSOLE) return [];
    return this.parts.residency.barred(models, this.placeOf(destination));
  }

  private placeOf(destination: string): Place {
    const { guards, channels } = this.parts;
    return destination.startsWith(TARGET_ID)
      ? placeOfTarget(guards.targets[destination.slice(TARGET_ID.length)])
      : placeOf(channels, destination);
  }
}
