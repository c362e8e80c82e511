export const install = {
  'install.entry': 'Installa come app',
  'settings.group.app': 'App',
  'install.how.installed': 'Questa finestra è l’app installata.',
  'install.how.offered': 'Un’app ha una finestra e un’icona proprie, con il numero delle chiamate perse.',
  'install.how.safari':
    'In Safari su Mac: File, poi «Aggiungi al Dock»; su iPhone e iPad: Condividi, poi «Aggiungi a Home».',
  'install.how.firefox':
    'Firefox sul computer non installa pagine come app. Fissi questa scheda oppure usi Chrome o Edge.',
  'install.how.menu':
    'Il browser propone l’installazione nel suo menu o in fondo alla barra degli indirizzi.',
  'install.login':
    'Nessuna pagina può avviarsi da sola con il dispositivo. In Chrome apra chrome://apps, faccia clic destro su Offhook e scelga «Avvia app all’accesso»; Edge lo chiede dopo l’installazione; su Mac aggiunga l’app agli elementi di login.',
  'install.closed':
    'Con le notifiche attive le chiamate si vedono anche senza finestre aperte, finché il browser stesso è in funzione.',
  'links.title': 'Link telefonici',
  'links.hint':
    'Un clic su un numero in una pagina o in una mail apre questo telefono con il numero nel campo di composizione. Non chiama mai da solo: è Lei a premere Chiama.',
  'links.none': 'Questo browser non permette alle pagine di aprire link telefonici.',
  'links.open': 'Apri qui i link telefonici',
  'links.asked':
    'Il browser ora Le chiede il permesso. Se non chiede nulla, ha già deciso in passato: veda le sue impostazioni.',
  'notify.missed': 'Chiamata persa: {{who}}',
};
