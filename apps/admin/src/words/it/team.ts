import type { team as english } from '../en/team.ts';

export const team: Record<keyof typeof english, string> = {
  'team.title': 'Team',
  'team.hint': 'Chi lavora con questa console. Qui vede e modifica tutto.',
  'team.invite': 'Invita una persona',
  'team.invited': '{{name}} ha ricevuto un invito.',
  'team.last': 'È l’ultimo account che può accedere. Inviti prima qualcun altro.',
  'team.remove': 'Rimuovi dal team',
  'team.remove.title': 'Rimuovere {{name}} dal team?',
  'team.remove.hint':
    'La disconnessione è immediata, ovunque. Chi viene invitato di nuovo in seguito configura da capo il proprio accesso.',
  'team.removed': '{{name}} non fa più parte del team.',
  'team.empty': 'Ancora nessuno',
  'team.empty.hint': 'Inviti la prima persona del suo team.',
  'team.safety': 'Sicurezza del team',
  'team.safety.hint': 'Ciò che serve a tutti per accedere qui. I clienti decidono per sé.',
  'team.secondFactor': 'Richiedi un secondo fattore',
  'team.secondFactor.hint':
    'Chi non ne ha configura prima un’app di autenticazione o una passkey. Vale subito, anche per lei.',
  'team.secondFactor.on': 'Ora è richiesto un secondo fattore.',
  'team.secondFactor.off': 'Non è più richiesto un secondo fattore.',
};
