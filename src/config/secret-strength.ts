const LENGTH = 32;
const LEAST_LETTERS = 10;
const LEAST_BITS = 80;

/**
 * Why a secret that a person provides is too easy to guess, or null: it needs 32 characters, or fewer that repeat so little that they hold 80
 * bits (Shannon entropy of its own letters). A long run of a few letters is no secret either.
 */
export function secretWeakness(secret: string): string | null {
  const letters = new Set(secret).size;
  if (secret.length >= LENGTH && letters >= LEAST_LETTERS) return null;
  if (shannonBits(secret) >= LEAST_BITS) return null;
  return `too easy to guess: use at least ${LENGTH} characters, e.g. of "openssl rand -hex 32"`;
}

function shannonBits(text: string): number {
  const counts = new Map<string, number>();
  for (const letter of text) counts.set(letter, (counts.get(letter) ?? 0) + 1);
  return -[...counts.values()].reduce((sum, count) => sum + count * Math.log2(count / text.length), 0);
}
