import type { headset as english } from '../en/headset.ts';

export const headset: Record<keyof typeof english, string> = {
  'headset.title': 'Headset',
  'headset.hint': 'Neem op, hang op en demp met de knoppen van uw headset. De lampjes volgen de gesprekken.',
  'headset.way': 'Verbonden via',
  'headset.way.webhid': 'Deze browser',
  'headset.way.hub': 'Poly of Plantronics Hub',
  'headset.way.jabra': 'Jabra-bibliotheek',
  'headset.hub.hint':
    'Het programma ‘Plantronics Hub’ moet op deze computer draaien. De browser vraagt misschien of deze pagina het mag gebruiken.',
  'headset.connect': 'Headset verbinden',
  'headset.forget': 'Vergeten',
  'headset.off': 'Geen headset verbonden',
  'headset.asking': 'Kies uw headset in het venster van de browser…',
  'headset.absent': 'Uw headset is niet aangesloten',
  'headset.absent.hub': 'Geen headset: de Hub draait niet of ziet er geen',
  'headset.failed':
    'De headset reageert niet. Misschien gebruikt een ander programma hem; haal hem los en sluit hem opnieuw aan.',
  'headset.failed.jabra': 'De Jabra-bibliotheek werkt hier niet. Vraag het uw beheerder.',
  'headset.elsewhere': 'Een ander venster van de telefoon gebruikt de headset',
  'headset.unsupported':
    'Deze browser kan de knoppen van headsets niet bereiken. Chrome en Edge op een computer kunnen dat wel. Het geluid werkt gewoon.',
};
