export const history = {
  'history.title': 'Recent',
  'history.empty': 'Nothing here yet',
  'history.empty.hint': 'The people you talk to will appear here.',
  'history.error': 'The list could not be loaded',
  'history.more': 'Show more',
  'history.today': 'Today',
  'history.yesterday': 'Yesterday',
  'history.missed': 'Missed',
  'history.incoming': 'Incoming',
  'history.outgoing': 'Outgoing',
  'history.dial': 'Dial {{who}}',
} as const;
