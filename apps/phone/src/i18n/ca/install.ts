export const install = {
  'install.entry': 'Instal·la com a aplicació',
  'settings.group.app': 'Aplicació',
  'install.how.installed': 'Aquesta finestra és l’aplicació instal·lada.',
  'install.how.offered': 'Una aplicació té finestra i icona pròpies, amb el nombre de trucades perdudes.',
  'install.how.safari':
    'Al Safari del Mac: Fitxer i després «Afegeix al Dock»; a l’iPhone i l’iPad: Comparteix i després «Afegeix a la pantalla d’inici».',
  'install.how.firefox':
    'El Firefox de l’ordinador no instal·la pàgines com a aplicacions. Fixeu aquesta pestanya o feu servir el Chrome o l’Edge.',
  'install.how.menu': 'El navegador ofereix la instal·lació al seu menú o al final de la barra d’adreces.',
  'install.login':
    'Cap pàgina no es pot iniciar sola amb el dispositiu. Al Chrome obriu chrome://apps, feu clic dret a Offhook i trieu «Inicia l’aplicació en iniciar la sessió»; l’Edge ho pregunta després d’instal·lar; al Mac afegiu l’aplicació als ítems d’inici.',
  'install.closed':
    'Amb les notificacions activades, les trucades es mostren encara que no hi hagi cap finestra oberta, mentre el navegador estigui en marxa.',
  'links.title': 'Enllaços de telèfon',
  'links.hint':
    'Un clic en un número d’una pàgina o d’un correu obre aquest telèfon amb el número al camp de marcatge. No truca mai tot sol: sou vós qui premeu Truca.',
  'links.none': 'Aquest navegador no deixa que les pàgines obrin enllaços de telèfon.',
  'links.open': 'Obre aquí els enllaços de telèfon',
  'links.asked':
    'El navegador us demana permís ara. Si no diu res, ja ho vau decidir abans: vegeu-ne la configuració.',
  'notify.missed': 'Trucada perduda: {{who}}',
};
