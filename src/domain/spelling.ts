/** A class, or another word, without what people do not see: its case, and blanks around it, as the engine takes them off too. */
export function plainSpelling(text: string): string {
  return text.replaceAll(/^[ \t\r\n]+|[ \t\r\n]+$/gu, '').toLowerCase();
}

/** Whether a text is nothing, or nothing but blanks, for which the engine takes it too. */
export function isBlank(text: string): boolean {
  return /^[ \t\r\n]*$/u.test(text);
}

/** What tells a label that means the positive class from one that says it: models that name their classes tell them apart themselves. */
interface Spelt {
  readonly task: string;
  readonly positive?: string | null | undefined;
  readonly classes?: readonly string[] | null | undefined;
}

/** The positive class of a model of which no other spelling is a class of its own; null where there is none, or the model names its classes. */
export function soleSpelling({ task, positive, classes }: Spelt): string | null {
  return task === 'binary' && positive && (classes?.length ?? 0) === 0 ? positive : null;
}

/** The positive class, where a label is it but for case or blanks, and nothing says that these are two classes; null where it is not. */
export function meantPositive(model: Spelt, label: string): string | null {
  const positive = soleSpelling(model);
  if (positive === null || label === positive) return null;
  return plainSpelling(label) === plainSpelling(positive) ? positive : null;
}
