export const install = {
  'install.entry': 'Instalar como aplicación',
  'settings.group.app': 'Aplicación',
  'install.how.installed': 'Esta ventana es la aplicación instalada.',
  'install.how.offered':
    'Una aplicación tiene su propia ventana y su propio icono, con el número de llamadas perdidas.',
  'install.how.safari':
    'En Safari para Mac: Archivo y después «Añadir al Dock»; en iPhone y iPad: Compartir y después «Añadir a pantalla de inicio».',
  'install.how.firefox':
    'Firefox en el ordenador no instala páginas como aplicaciones. Fije esta pestaña o utilice Chrome o Edge.',
  'install.how.menu': 'Su navegador ofrece la instalación en su menú o al final de la barra de direcciones.',
  'install.login':
    'Ninguna página puede iniciarse sola con el dispositivo. En Chrome abra chrome://apps, haga clic derecho en Offhook y elija «Iniciar la aplicación al iniciar sesión»; Edge lo pregunta después de instalar; en Mac añada la aplicación a los ítems de inicio.',
  'install.closed':
    'Con las notificaciones activadas, las llamadas se muestran aunque no haya ninguna ventana abierta, mientras el navegador esté en marcha.',
  'links.title': 'Enlaces de teléfono',
  'links.hint':
    'Un clic en un número de una página o de un correo abre este teléfono con el número en el campo de marcación. Nunca llama por sí solo: usted pulsa Llamar.',
  'links.none': 'Este navegador no permite que las páginas abran enlaces de teléfono.',
  'links.open': 'Abrir aquí los enlaces de teléfono',
  'links.asked':
    'Su navegador le pide permiso ahora. Si no dice nada, ya lo decidió antes: vea su configuración.',
  'notify.missed': 'Llamada perdida: {{who}}',
};
