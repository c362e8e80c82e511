import type { dial as english } from '../en/dial.ts';

export const dial: Record<keyof typeof english, string> = {
  'dial.title': 'Marcar',
  'dial.field': 'Nombre o número',
  'dial.erase': 'Borrar el último carácter',
  'dial.call': 'Llamar',
  'dial.suggestions': 'Sugerencias',
  'dial.nobody': 'No se ha encontrado a nadie con «{{text}}».',
  'dial.noNumber': '{{name}} no tiene número.',
  'dial.noNumberShort': 'Sin número',
  'dial.pad': 'Teclado de marcación',
  'dial.otherWays': 'Otras formas de marcar',
  'dial.atDesk': 'Marcar en el teléfono de escritorio',
  'dial.pickUp': 'Capturar la llamada que le está sonando',
  'dial.groupPickUp': 'Capturar en mi grupo',
};
