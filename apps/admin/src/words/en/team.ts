export const team = {
  'team.title': 'Team',
  'team.hint': 'Who works with this console. They see and change everything here.',
  'team.invite': 'Invite somebody',
  'team.invited': '{{name}} has been invited.',
  'team.last': 'This is the last account that can sign in. Invite somebody else first.',
  'team.remove': 'Remove from the team',
  'team.remove.title': 'Remove {{name}} from the team?',
  'team.remove.hint':
    'Signed out at once, wherever they are. Who is invited again later sets up anew how they sign in.',
  'team.removed': '{{name}} no longer works here.',
  'team.empty': 'Nobody yet',
  'team.empty.hint': 'Invite the first person of your team.',
  'team.safety': 'Safety of the team',
  'team.safety.hint': 'What everybody here needs to sign in. Customers decide for themselves.',
  'team.secondFactor': 'Demand a second factor',
  'team.secondFactor.hint':
    'Whoever has none sets up an authenticator app or a passkey before anything else. Holds at once, also for you.',
  'team.secondFactor.on': 'A second factor is demanded now.',
  'team.secondFactor.off': 'A second factor is no longer demanded.',
} as const;
