import type { administrators as english } from '../en/administrators.ts';

export const administrators: Record<keyof typeof english, string> = {
  'administrators.title': 'Beheerders',
  'administrators.hint': 'Zij zien en wijzigen alles op deze pagina’s. Twee is beter dan één.',
  'administrators.empty': 'Geen beheerder',
  'administrators.empty.hint': 'Niemand kan dit bedrijf inrichten. Nodig iemand uit.',
  'administrators.invite': 'Beheerder uitnodigen',
  'administrators.invite.submit': 'Uitnodiging versturen',
  'administrators.invited': '{{name}} is uitgenodigd.',
  'administrators.email.hint': 'Daar gaat de uitnodiging naartoe. De link is 7 dagen geldig.',
  'administrators.expires': 'Link geldig tot {{when}}',
  'administrators.last': 'Dit is de laatste beheerder. Wijs eerst een andere aan.',
  'administrators.self': 'U kunt uzelf niet verwijderen.',
  'administrators.remove': 'Beheerder verwijderen',
  'administrators.remove.title': '{{name}} als beheerder verwijderen?',
  'administrators.remove.hint':
    'Meteen afgemeld. Wie een telefoonlijn heeft, blijft als gebruiker; wie er geen heeft, wordt na de termijn verwijderd.',
  'administrators.removed': '{{name}} is geen beheerder meer.',
};
