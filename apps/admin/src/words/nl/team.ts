import type { team as english } from '../en/team.ts';

export const team: Record<keyof typeof english, string> = {
  'team.title': 'Team',
  'team.hint': 'Wie met deze console werkt. Zij zien en wijzigen hier alles.',
  'team.invite': 'Iemand uitnodigen',
  'team.invited': '{{name}} is uitgenodigd.',
  'team.last': 'Dit is het laatste account dat zich kan aanmelden. Nodig eerst iemand anders uit.',
  'team.remove': 'Uit het team verwijderen',
  'team.remove.title': '{{name}} uit het team verwijderen?',
  'team.remove.hint':
    'Overal meteen afgemeld. Wie later opnieuw wordt uitgenodigd, stelt het aanmelden opnieuw in.',
  'team.removed': '{{name}} hoort niet meer bij het team.',
  'team.empty': 'Nog niemand',
  'team.empty.hint': 'Nodig de eerste persoon van uw team uit.',
  'team.safety': 'Veiligheid van het team',
  'team.safety.hint': 'Wat iedereen hier nodig heeft om zich aan te melden. Klanten beslissen voor zichzelf.',
  'team.secondFactor': 'Tweede factor eisen',
  'team.secondFactor.hint':
    'Wie er geen heeft, stelt eerst een authenticator-app of een passkey in. Geldt meteen, ook voor u.',
  'team.secondFactor.on': 'Er wordt nu een tweede factor geëist.',
  'team.secondFactor.off': 'Er wordt geen tweede factor meer geëist.',
};
