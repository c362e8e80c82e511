export const administrators = {
  'administrators.title': 'Administrators',
  'administrators.hint': 'They see and change everything on these pages. Two are better than one.',
  'administrators.empty': 'No administrator',
  'administrators.empty.hint': 'Nobody can set up this company. Invite somebody.',
  'administrators.invite': 'Invite administrator',
  'administrators.invite.submit': 'Send invitation',
  'administrators.invited': '{{name}} has been invited.',
  'administrators.email.hint': 'The invitation goes there. Its link is good for 7 days.',
  'administrators.expires': 'Link good until {{when}}',
  'administrators.last': 'This is the last administrator. Name another one first.',
  'administrators.self': 'You cannot remove yourself.',
  'administrators.remove': 'Remove administrator',
  'administrators.remove.title': 'Remove {{name}} as administrator?',
  'administrators.remove.hint':
    'Signed out at once. Who has a telephone line stays as a user; who has none is deleted after the grace period.',
  'administrators.removed': '{{name}} is no longer an administrator.',
} as const;
