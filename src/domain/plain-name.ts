/** What shows as nothing, or changes how the rest shows: joiners, marks of direction, soft hyphens, control characters. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]/u;
const UNSEEN_ALL = new RegExp(UNSEEN.source, 'gu');
/** Scripts with letters that look alike (UTS 39); within one word they are never mixed by a person's own name. */
const ALIKE = [/\p{Script=Latin}/u, /\p{Script=Cyrillic}/u, /\p{Script=Greek}/u];

/**
 * Letters of other alphabets and the Latin one that each is read as (Unicode UTS 39, confusables.txt: those that look the same in common fonts), small.
 */
const READ_AS: ReadonlyMap<string, string> = new Map(Object.entries({
  а: 'a', в: 'b', с: 'c', ԁ: 'd', е: 'e', ё: 'ë', ғ: 'f', ԍ: 'g', һ: 'h', і: 'i', ї: 'ï', ј: 'j', к: 'k', ӏ: 'l', м: 'm', н: 'h', п: 'n', о: 'o', р: 'p', ԛ: 'q', г: 'r', ѕ: 's', т: 't', ц: 'u', ѵ: 'v', ԝ: 'w', х: 'x', у: 'y', ү: 'y',
  α: 'a', β: 'b', ϲ: 'c', ε: 'e', η: 'n', ι: 'i', ϳ: 'j', κ: 'k', μ: 'm', ν: 'v', ο: 'o', ρ: 'p', σ: 'o', τ: 't', υ: 'u', χ: 'x', γ: 'y', ω: 'w',
  ա: 'w', գ: 'q', հ: 'h', ո: 'n', օ: 'o', ս: 'u', ց: 'g', ք: 'p', ƅ: 'b', ı: 'i', ɑ: 'a', ɡ: 'g', ɩ: 'i', ʋ: 'v', ᴄ: 'c', ᴏ: 'o', ѡ: 'w', ꜱ: 's',
})); // prettier-ignore

/** What a name is read as, whatever alphabet its letters are of, to compare how names look (the skeleton of UTS 39). */
export function skeleton(name: string): string {
  return plainName(name).replaceAll(/\p{L}/gu, (letter) => READ_AS.get(letter) ?? letter);
}

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
