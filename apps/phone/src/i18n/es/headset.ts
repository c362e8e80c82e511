import type { headset as english } from '../en/headset.ts';

export const headset: Record<keyof typeof english, string> = {
  'headset.title': 'Auriculares',
  'headset.hint':
    'Conteste, cuelgue y silencie el micrófono con los botones de sus auriculares. Sus luces siguen las llamadas.',
  'headset.way': 'Conectados mediante',
  'headset.way.webhid': 'Este navegador',
  'headset.way.hub': 'Poly o Plantronics Hub',
  'headset.way.jabra': 'Biblioteca de Jabra',
  'headset.hub.hint':
    'El programa «Plantronics Hub» debe estar abierto en este ordenador. Es posible que el navegador pregunte si esta página puede acceder a él.',
  'headset.connect': 'Conectar auriculares',
  'headset.forget': 'Olvidar',
  'headset.off': 'No hay auriculares conectados',
  'headset.asking': 'Elija sus auriculares en la ventana del navegador…',
  'headset.absent': 'Sus auriculares no están enchufados',
  'headset.absent.hub': 'No hay auriculares: el Hub no está abierto o no detecta ninguno',
  'headset.failed':
    'Los auriculares no responden. Quizá los esté usando otro programa; desenchúfelos y vuelva a enchufarlos.',
  'headset.failed.jabra': 'La biblioteca de Jabra no funciona aquí. Consulte a su administrador.',
  'headset.elsewhere': 'Otra ventana del teléfono está usando los auriculares',
  'headset.unsupported':
    'Este navegador no puede acceder a los botones de los auriculares. Chrome y Edge en un ordenador sí. El sonido funciona igualmente.',
};
