import type { headset as english } from '../en/headset.ts';

export const headset: Record<keyof typeof english, string> = {
  'headset.title': 'Headset',
  'headset.hint':
    'Annehmen, auflegen und stummschalten mit den Tasten Ihres Headsets. Seine Lampen folgen den Anrufen.',
  'headset.way': 'Verbunden über',
  'headset.way.webhid': 'Diesen Browser',
  'headset.way.hub': 'Poly oder Plantronics Hub',
  'headset.way.jabra': 'Jabra-Bibliothek',
  'headset.hub.hint':
    'Auf diesem Computer muss das Programm „Plantronics Hub“ laufen. Der Browser fragt eventuell, ob diese Seite darauf zugreifen darf.',
  'headset.connect': 'Headset verbinden',
  'headset.forget': 'Entfernen',
  'headset.off': 'Kein Headset verbunden',
  'headset.asking': 'Wählen Sie Ihr Headset im Fenster des Browsers …',
  'headset.absent': 'Ihr Headset ist nicht eingesteckt',
  'headset.absent.hub': 'Kein Headset: Der Hub läuft nicht oder findet keines',
  'headset.failed':
    'Das Headset antwortet nicht. Vielleicht nutzt es ein anderes Programm; stecken Sie es aus und wieder ein.',
  'headset.failed.jabra': 'Die Jabra-Bibliothek funktioniert hier nicht. Fragen Sie Ihre Administration.',
  'headset.elsewhere': 'Ein anderes Fenster des Telefons nutzt das Headset',
  'headset.unsupported':
    'Dieser Browser erreicht die Tasten von Headsets nicht. Chrome und Edge auf einem Computer können es. Der Ton funktioniert trotzdem.',
};
