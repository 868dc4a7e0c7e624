/** Where a link of a message leads: one page of the service, of one thing where it names one. */
const PAGE = /\/(?:approvals|audit|cases|channels|incidents|models)(?:\/[^/]*)?$/u;

/** Where people reach the pages, by the link of a message to one of them: messages hold whole links, as they were when they were made, and no base of their own. */
export function baseOf(link: string): string {
  return link.replace(PAGE, '');
}

/** The address of the schema of an event, beside the pages that its message links to. */
export function schemaOf(link: string, name: string): string {
  return `${baseOf(link)}/schemas/${name}.v1.json`;
}
