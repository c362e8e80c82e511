import type { team as english } from '../en/team.ts';

export const team: Record<keyof typeof english, string> = {
  'team.title': 'Team',
  'team.hint': 'Wer mit dieser Konsole arbeitet. Alle sehen und ändern hier alles.',
  'team.invite': 'Person einladen',
  'team.invited': '{{name}} wurde eingeladen.',
  'team.last':
    'Das ist das letzte Konto, mit dem man sich anmelden kann. Laden Sie zuerst jemand anderen ein.',
  'team.remove': 'Aus dem Team entfernen',
  'team.remove.title': '{{name}} aus dem Team entfernen?',
  'team.remove.hint':
    'Wird überall sofort abgemeldet. Wer später wieder eingeladen wird, richtet die Anmeldung neu ein.',
  'team.removed': '{{name}} gehört nicht mehr zum Team.',
  'team.empty': 'Noch niemand',
  'team.empty.hint': 'Laden Sie die erste Person Ihres Teams ein.',
  'team.safety': 'Sicherheit des Teams',
  'team.safety.hint': 'Was hier alle zur Anmeldung brauchen. Kunden entscheiden für sich selbst.',
  'team.secondFactor': 'Zweiten Faktor verlangen',
  'team.secondFactor.hint':
    'Wer keinen hat, richtet zuerst eine Authenticator-App oder einen Passkey ein. Gilt sofort, auch für Sie.',
  'team.secondFactor.on': 'Ein zweiter Faktor wird jetzt verlangt.',
  'team.secondFactor.off': 'Ein zweiter Faktor wird nicht mehr verlangt.',
};
