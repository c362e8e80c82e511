/** Of the sections, what is read before one is opened: their names, and what speaks of them elsewhere. */
export const titles = {
  'check.title': 'Check the phone',
  'check.link': 'Check the phone',
  'history.title': 'Recent',
  'history.missed': 'Missed',
  'history.unseen_one': '{{count}} new missed call',
  'history.unseen_other': '{{count}} new missed calls',
  'team.title': 'Team',
  'contacts.title': 'Contacts',
  'contacts.recent': 'Called recently',
  'settings.title': 'Telephone settings',
  'settings.tab': 'Settings',
  'settings.changed': 'Changed.',
} as const;
