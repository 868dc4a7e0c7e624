import { createHash } from 'node:crypto';

/**
 * Which of some members a thing belongs to: the one whose hash with it is the largest. Everybody who knows the same members names the same one, and
 * when a member comes or goes only its own things move.
 *
 * Source: Thaler, Ravishankar: Using name-based mappings to increase hit rates. IEEE/ACM Transactions on Networking 6 (1998).
 *
 * @example rendezvous('credit-default', ['a', 'b']) // 'a' or 'b', always the same; null for no members
 */
export function rendezvous(thing: string, members: readonly string[]): string | null {
  let [best, weight] = [null as string | null, -1n];
  for (const member of members) {
    const found = createHash('sha256').update(`${member}\0${thing}`).digest().readBigUInt64BE(0);
    if (found > weight || (found === weight && best !== null && member < best))
      [best, weight] = [member, found];
  }
  return best;
}
