/** What the pane beside the dial field can show, in the order of the tabs. */
export const sectionNames = ['team', 'contacts', 'recent', 'settings', 'check', 'help'] as const;
export type SectionName = (typeof sectionNames)[number];

/** On a narrow window the dial field is a page of its own. */
export type Page = 'dial' | SectionName;

export function isPage(name: string): name is Page {
  return name === 'dial' || (sectionNames as readonly string[]).includes(name);
}
