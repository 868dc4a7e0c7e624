/** A version of a model as one name, for tables in memory: no key has the character between. */
export function versionPlace(model: string, version: string): string {
  return `${model}\0${version}`;
}
