/** What stands in a field of a form, without blanks around it; '' where nothing does. */
export function formText(value: unknown): string {
  return typeof value === 'string' ? value.trim() : '';
}
