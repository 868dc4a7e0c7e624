import { createHmac, hkdfSync } from 'node:crypto';

/** What stands for a person, and for a prediction of one, where neither may: hex of HMAC-SHA256 under a key that is in no table and no entry. */
export class PersonHashes {
  private readonly key: Buffer;

  /** `secret`: what every process of a store has and the store has not; with it gone, nobody can tell whom a hash is of. */
  constructor(secret: string) {
    this.key = Buffer.from(hkdfSync('sha256', secret, '', 'tidewatch erased persons', 32));
  }

  /** 64 hex digits. */
  ofPerson(subject: string): string {
    return createHmac('sha256', this.key).update(`person\0${subject}`).digest('hex');
  }

  /** 32 hex digits: there is one for each row, and they are held in memory. */
  ofPrediction(model: string, id: string): string {
    const hash = createHmac('sha256', this.key).update(`prediction\0${model}\0${id}`);
    return hash.digest('hex').slice(0, 32);
  }
}
