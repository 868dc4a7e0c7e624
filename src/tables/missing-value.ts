/** How programs write a value that is not there, in lower case; what stands in quotes may be one of them and mean itself. */
const MISSING = new Set([
  '', 'na', 'n/a', '#n/a', '#na', '#n/a n/a', '<na>', 'nan', '-nan', 'null', 'none', 'nil', '\\n', 'nat',
  '1.#ind', '-1.#ind', '1.#qnan', '-1.#qnan',
]); // prettier-ignore
const LONGEST = 8;

/** True for the empty text and every spelling of "no value". */
export function isMissing(text: string): boolean {
  return text === '' || (text.length <= LONGEST && MISSING.has(text.toLowerCase()));
}
