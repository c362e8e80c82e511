import type { headset as english } from '../en/headset.ts';

export const headset: Record<keyof typeof english, string> = {
  'headset.title': 'Auriculars',
  'headset.hint':
    'Responeu, pengeu i silencieu el micròfon amb els botons dels auriculars. Els seus llums segueixen les trucades.',
  'headset.way': 'Connectats mitjançant',
  'headset.way.webhid': 'Aquest navegador',
  'headset.way.hub': 'Poly o Plantronics Hub',
  'headset.way.jabra': 'Biblioteca de Jabra',
  'headset.hub.hint':
    'El programa «Plantronics Hub» ha d’estar obert en aquest ordinador. Pot ser que el navegador pregunti si aquesta pàgina hi pot accedir.',
  'headset.connect': 'Connecteu els auriculars',
  'headset.forget': 'Oblideu-los',
  'headset.off': 'No hi ha auriculars connectats',
  'headset.asking': 'Trieu els vostres auriculars a la finestra del navegador…',
  'headset.absent': 'Els auriculars no estan endollats',
  'headset.absent.hub': 'No hi ha auriculars: el Hub no està obert o no en detecta cap',
  'headset.failed':
    'Els auriculars no responen. Potser els fa servir un altre programa; desendolleu-los i torneu-los a endollar.',
  'headset.failed.jabra': 'La biblioteca de Jabra no funciona aquí. Consulteu l’administrador.',
  'headset.elsewhere': 'Una altra finestra del telèfon fa servir els auriculars',
  'headset.unsupported':
    'Aquest navegador no pot accedir als botons dels auriculars. Chrome i Edge en un ordinador sí que poden. El so funciona igualment.',
};
