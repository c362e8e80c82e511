export const install = {
  'install.entry': 'Als App installieren',
  'settings.group.app': 'App',
  'install.how.installed': 'Dieses Fenster ist die installierte App.',
  'install.how.offered':
    'Eine App hat ein eigenes Fenster und ein eigenes Symbol, an dem die Zahl der verpassten Anrufe steht.',
  'install.how.safari':
    'In Safari am Mac: Ablage, dann „Zum Dock hinzufügen“; auf iPhone und iPad: Teilen, dann „Zum Home-Bildschirm“.',
  'install.how.firefox':
    'Firefox am Computer installiert keine Seiten als App. Heften Sie diesen Tab an, oder nehmen Sie Chrome oder Edge.',
  'install.how.menu': 'Ihr Browser bietet die Installation in seinem Menü oder rechts in der Adresszeile an.',
  'install.login':
    'Keine Seite kann sich selbst mit dem Gerät starten. In Chrome: chrome://apps öffnen, Offhook mit der rechten Maustaste anklicken und „App beim Anmelden starten“ wählen; Edge fragt nach der Installation; am Mac nehmen Sie die App in die Anmeldeobjekte auf.',
  'install.closed':
    'Sind Benachrichtigungen eingeschaltet, sehen Sie Anrufe auch, wenn kein Fenster offen ist, solange der Browser selbst läuft.',
  'links.title': 'Telefon-Links',
  'links.hint':
    'Ein Klick auf eine Telefonnummer in einer Seite oder Mail öffnet dieses Telefon mit der Nummer im Wählfeld. Es wählt nie von selbst: Sie drücken auf Anrufen.',
  'links.none': 'Dieser Browser lässt keine Seite Telefon-Links öffnen.',
  'links.open': 'Telefon-Links hier öffnen',
  'links.asked':
    'Ihr Browser fragt jetzt, ob er darf. Fragt er nicht, haben Sie schon einmal entschieden: siehe seine Einstellungen.',
  'notify.missed': 'Verpasster Anruf: {{who}}',
};
