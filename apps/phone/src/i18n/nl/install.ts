export const install = {
  'install.entry': 'Als app installeren',
  'settings.group.app': 'App',
  'install.how.installed': 'Dit venster is de geïnstalleerde app.',
  'install.how.offered':
    'Een app heeft een eigen venster en een eigen pictogram, met het aantal gemiste oproepen.',
  'install.how.safari':
    'In Safari op de Mac: Archief en dan ‘Voeg toe aan Dock’; op iPhone en iPad: Deel en dan ‘Zet op beginscherm’.',
  'install.how.firefox':
    'Firefox op de computer installeert geen pagina’s als app. Maak dit tabblad vast of gebruik Chrome of Edge.',
  'install.how.menu': 'Uw browser biedt de installatie aan in zijn menu of aan het eind van de adresbalk.',
  'install.login':
    'Geen pagina kan zichzelf met het apparaat starten. Open in Chrome chrome://apps, klik met rechts op Offhook en kies ‘App starten bij aanmelden’; Edge vraagt het na de installatie; voeg de app op de Mac toe aan de inlogonderdelen.',
  'install.closed':
    'Met meldingen aan ziet u oproepen ook als er geen venster open is, zolang de browser zelf draait.',
  'links.title': 'Telefoonlinks',
  'links.hint':
    'Een klik op een nummer in een pagina of e-mail opent deze telefoon met het nummer in het kiesveld. Hij belt nooit vanzelf: u drukt op Bellen.',
  'links.none': 'Deze browser laat pagina’s geen telefoonlinks openen.',
  'links.open': 'Telefoonlinks hier openen',
  'links.asked':
    'Uw browser vraagt nu of het mag. Vraagt hij niets, dan hebt u al eerder beslist: zie zijn instellingen.',
  'notify.missed': 'Gemiste oproep: {{who}}',
};
