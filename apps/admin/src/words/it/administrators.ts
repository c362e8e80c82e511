import type { administrators as english } from '../en/administrators.ts';

export const administrators: Record<keyof typeof english, string> = {
  'administrators.title': 'Amministratori',
  'administrators.hint': 'Vedono e modificano tutto in queste pagine. Due sono meglio di uno.',
  'administrators.empty': 'Nessun amministratore',
  'administrators.empty.hint': 'Nessuno può configurare questa azienda. Invitare qualcuno.',
  'administrators.invite': 'Invita amministratore',
  'administrators.invite.submit': 'Invia invito',
  'administrators.invited': '{{name}} è stato invitato.',
  'administrators.email.hint': 'L’invito arriva lì. Il link è valido 7 giorni.',
  'administrators.expires': 'Link valido fino al {{when}}',
  'administrators.last': 'È l’ultimo amministratore. Nominarne prima un altro.',
  'administrators.self': 'Non può rimuovere sé stesso.',
  'administrators.remove': 'Rimuovi amministratore',
  'administrators.remove.title': 'Rimuovere {{name}} dagli amministratori?',
  'administrators.remove.hint':
    'Disconnesso subito. Chi ha una linea telefonica resta come utente; chi non ne ha viene eliminato dopo il periodo previsto.',
  'administrators.removed': '{{name}} non è più amministratore.',
};
