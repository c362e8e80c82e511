import type { headset as english } from '../en/headset.ts';

export const headset: Record<keyof typeof english, string> = {
  'headset.title': 'Cuffie',
  'headset.hint':
    'Rispondere, riagganciare e disattivare il microfono con i tasti delle cuffie. Le loro luci seguono le chiamate.',
  'headset.way': 'Collegate tramite',
  'headset.way.webhid': 'Questo browser',
  'headset.way.hub': 'Poly o Plantronics Hub',
  'headset.way.jabra': 'Libreria Jabra',
  'headset.hub.hint':
    'Il programma «Plantronics Hub» deve essere in esecuzione su questo computer. Il browser può chiedere se questa pagina può accedervi.',
  'headset.connect': 'Collegare le cuffie',
  'headset.forget': 'Dimenticare',
  'headset.off': 'Nessuna cuffia collegata',
  'headset.asking': 'Scegliere le cuffie nella finestra del browser…',
  'headset.absent': 'Le cuffie non sono collegate al computer',
  'headset.absent.hub': 'Nessuna cuffia: l’Hub non è in esecuzione o non ne rileva',
  'headset.failed':
    'Le cuffie non rispondono. Forse le sta usando un altro programma; scollegarle e ricollegarle.',
  'headset.failed.jabra': 'La libreria Jabra non funziona qui. Rivolgersi all’amministratore.',
  'headset.elsewhere': 'Un’altra finestra del telefono sta usando le cuffie',
  'headset.unsupported':
    'Questo browser non può accedere ai tasti delle cuffie. Chrome ed Edge su computer possono. L’audio funziona comunque.',
};
