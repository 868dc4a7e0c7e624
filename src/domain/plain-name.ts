/** What shows as nothing, or changes how the rest shows: joiners, marks of direction, soft hyphens, control characters. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]/u;
const UNSEEN_ALL = new RegExp(UNSEEN.source, 'gu');
/** Scripts with letters that look alike (UTS 39); within one word they are never mixed by a person's own name. */
const ALIKE = [/\p{Script=Latin}/u, /\p{Script=Cyrillic}/u, /\p{Script=Greek}/u];

/** Why a name can be read as another person's, in words; null where it is plain. */
export function nameProblem(name: string): string | null {
  if (UNSEEN.test(name)) return 'has characters that do not show';
  const mixed = name
    .split(/[^\p{L}\p{M}\p{N}]+/u)
    .find((word) => ALIKE.filter((script) => script.test(word)).length > 1);
  return mixed === undefined ? null : `mixes letters of two alphabets in "${mixed}"`;
}

/** A name without what does not show, in the usual form of its letters (NFKC), to compare it. */
export function plainName(name: string): string {
  return name.normalize('NFKC').replaceAll(UNSEEN_ALL, '').trim().toLowerCase();
}
