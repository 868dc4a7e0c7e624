import { claimedSize } from '../ledger/checkpoint.js';
import { cosignaturesIn } from '../ledger/cosignature.js';
import type { Ledger } from '../ledger/ledger.js';
import type { Witnesses, Witnessing } from '../ledger/witnesses.js';
import type { HttpResult, HttpSender } from '../notify/http-sender.js';

/** A witness: where checkpoints are submitted, and the key that it cosigns with. */
export interface WitnessAddress {
  /** Submission prefix, without `/add-checkpoint`. */
  readonly url: string;
  /** Verifier key of kind 4. */
  readonly key: string;
}

/** The log that is signed for. */
type Witnessed = Pick<Ledger, 'tree' | 'refresh'>;

const SIZE_TYPE = 'text/x.tlog.size';
/** The words of an answer to somebody who submits a checkpoint (C2SP tlog-witness, add-checkpoint). */
type Answer =
  | { readonly kind: 'lines'; readonly text: string }
  | { readonly kind: 'other size'; readonly size: number }
  | { readonly kind: 'contradiction'; readonly why: string }
  | { readonly kind: 'problem'; readonly why: string };

/**
 * Asks every witness to cosign a checkpoint: each is given the proof from the size that it saw last. A witness that saw more than there is, or that the proof does not
 * convince, says that this log is not the one that it saw.
 */
export class AskedWitnesses implements Witnesses {
  /** The size that a witness saw last, by its key; 0 where nobody knows, which the witness then says. */
  private readonly seen = new Map<string, number>();

  constructor(
    private readonly witnesses: readonly WitnessAddress[],
    private readonly log: () => Witnessed,
    private readonly http: Pick<HttpSender, 'send'>,
  ) {}

  readonly cosign = async (note: string, now: Date): Promise<Witnessing> => {
    const answers = await Promise.all(this.witnesses.map(async (witness) => this.ask(witness, note, now)));
    const of = (kind: 'problem' | 'contradiction') => answers.flatMap((one) => (one.kind === kind ? [one.why] : []));
    const lines = answers.flatMap((one) => (one.kind === 'lines' ? [one.text] : []));
    const problems = [...of('problem'), ...of('contradiction')];
    return { note: [note, ...lines].join(''), problems, contradiction: of('contradiction')[0] ?? null };
  }; // prettier-ignore

  /** The lines of one witness, checked. */
  private async ask(witness: WitnessAddress, note: string, now: Date): Promise<Answer> {
    const first = await this.submit(witness, note, now);
    if (first.kind !== 'other size') return this.checked(witness, note, first);
    this.seen.set(witness.key, first.size);
    const name = nameOf(witness);
    const size = claimedSize(note);
    if (first.size > size) {
      // Another process may have had a newer one cosigned before this one heard of its entries.
      await this.log().refresh();
      const there = this.log().tree.size;
      return first.size > there
        ? { kind: 'contradiction', why: `the witness ${name} saw ${first.size} entries, and there are ${there}: the end was cut off` }
        : { kind: 'problem', why: `${name}: another process had ${first.size} entries cosigned already` };
    } // prettier-ignore
    const second = await this.submit(witness, note, now);
    if (second.kind === 'other size') return { kind: 'problem', why: `${name}: another process submits at the same time` }; // prettier-ignore
    return this.checked(witness, note, second);
  }

  private checked(witness: WitnessAddress, note: string, answer: Answer): Answer {
    const name = nameOf(witness);
    if (answer.kind !== 'lines') return answer;
    const [found] = cosignaturesIn(`${note}${answer.text}`, [witness.key]);
    if (!found) return { kind: 'problem', why: `${name}: what it answered is no cosignature of its key` };
    this.seen.set(witness.key, claimedSize(note));
    return { kind: 'lines', text: `${found.line}\n` };
  }

  private async submit(witness: WitnessAddress, note: string, now: Date): Promise<Answer> {
    const size = claimedSize(note);
    const old = Math.min(this.seen.get(witness.key) ?? 0, size);
    const proof = (await this.log().tree.consistencyProof(old, size)).map((hash) => `${hash.toString('base64')}\n`);
    const body = `old ${old}\n${proof.join('')}\n${note}`;
    const url = `${witness.url.replace(/\/+$/u, '')}/add-checkpoint`;
    const headers = { 'content-type': 'text/plain; charset=utf-8' };
    return answerOf(await this.http.send({ method: 'POST', url, headers, body }, now), nameOf(witness));
  } // prettier-ignore
}

function nameOf({ key }: WitnessAddress): string {
  return key.split('+', 1)[0] ?? key;
}

function answerOf(result: HttpResult, name: string): Answer {
  if (result.kind !== 'response') return { kind: 'problem', why: `${name}: ${result.error}` };
  const { status, body, contentType = '' } = result;
  const isSize = contentType.startsWith(SIZE_TYPE) && /^\d{1,15}\n?$/u.test(body);
  if (status === 200) return { kind: 'lines', text: body };
  if (status === 409 && isSize) return { kind: 'other size', size: Number(body) };
  if (status === 409 || status === 422)
    return { kind: 'contradiction', why: `the witness ${name} saw another log of this name: history was rewritten` };
  const why = { 403: 'it does not know the key of this log', 404: 'it does not know this log' }[status];
  return { kind: 'problem', why: `${name}: ${why ?? `it answered ${status}`}` };
} // prettier-ignore
