import type { MailWords } from './words.ts';

const changes = {
  totp_on: 'Al iniciar sesión se pide ahora también un código de su aplicación de autenticación.',
  totp_off: 'Al iniciar sesión ya no se pide un código de su aplicación de autenticación.',
  passkey_added: 'Se ha añadido una llave de acceso a su cuenta.',
  passkey_removed: 'Se ha eliminado una llave de acceso de su cuenta.',
  reset:
    'Un administrador ha quitado su aplicación de autenticación, sus llaves de acceso y sus códigos de recuperación, y ha cerrado sus sesiones.',
  recovery_used: 'Se ha usado un código de recuperación para iniciar sesión.',
};

export const es: MailWords = {
  greeting: (name) => `Hola, ${name}:`,
  footer: 'Offhook ha enviado este mensaje automáticamente. Las respuestas no se leen.',
  linkHint: 'Si el botón no funciona, copie esta dirección en su navegador:',
  invitation: ({ tenantName, inviter, expiresAt }) => ({
    subject: `Su teléfono en ${tenantName}`,
    paragraphs: [
      inviter === ''
        ? `Se le ha asignado un teléfono en el navegador en ${tenantName}.`
        : `${inviter} le ha asignado un teléfono en el navegador en ${tenantName}.`,
      'Elija cómo iniciar sesión y podrá llamar enseguida.',
    ],
    button: 'Configurar el acceso',
    after: [`El enlace sirve una sola vez, hasta el ${expiresAt}.`],
  }),
  administrator_invitation: ({ tenantName, inviter, expiresAt }) => ({
    subject: `Usted administra Offhook para ${tenantName}`,
    paragraphs: [
      inviter === ''
        ? `Ha recibido una invitación para administrar Offhook para ${tenantName}.`
        : `${inviter} le ha invitado a administrar Offhook para ${tenantName}.`,
      'Elija primero cómo iniciar sesión. Después, un asistente le guiará por la configuración.',
    ],
    button: 'Empezar',
    after: [`El enlace sirve una sola vez, hasta el ${expiresAt}.`],
  }),
  provider_invitation: ({ inviter, expiresAt }) => ({
    subject: 'Usted gestiona Offhook',
    paragraphs: [
      inviter === ''
        ? 'Ha recibido una invitación para gestionar Offhook: los clientes, sus suscripciones y su asistencia.'
        : `${inviter} le ha invitado a gestionar Offhook: los clientes, sus suscripciones y su asistencia.`,
      'Elija primero cómo iniciar sesión.',
    ],
    button: 'Empezar',
    after: [`El enlace sirve una sola vez, hasta el ${expiresAt}.`],
  }),
  password_reset: ({ expiresAt }) => ({
    subject: 'Elija una contraseña nueva',
    paragraphs: ['Se ha pedido una contraseña nueva para su cuenta de Offhook.'],
    button: 'Elegir una contraseña nueva',
    after: [
      `El enlace sirve una sola vez, hasta el ${expiresAt}.`,
      'Si no ha sido usted, no tiene que hacer nada: su contraseña sigue siendo la misma.',
    ],
  }),
  password_changed: ({ at }) => ({
    subject: 'Su contraseña se ha cambiado',
    paragraphs: [
      `La contraseña de su cuenta de Offhook se cambió el ${at}.`,
      'Si no ha sido usted, elija enseguida una contraseña nueva y avise a su administrador.',
    ],
  }),
  email_changed: ({ at }) => ({
    subject: 'Se ha cambiado su dirección de correo',
    paragraphs: [
      `El ${at} se cambió la dirección de correo de su cuenta de Offhook. Ya no inicia sesión con esta dirección, y los enlaces que se enviaron a ella han dejado de servir.`,
      'Si está al corriente, no tiene que hacer nada. Si no, avise de inmediato a su administrador.',
    ],
  }),
  second_factor_changed: ({ change, at }) => ({
    subject: 'Ha cambiado su forma de iniciar sesión',
    paragraphs: [
      `${changes[change]} Ocurrió el ${at}.`,
      'Si no ha sido usted, cambie enseguida su contraseña y avise a su administrador.',
    ],
  }),
  sign_in_locked: ({ at }) => ({
    subject: 'Muchos intentos fallidos de iniciar sesión',
    paragraphs: [
      `El ${at} alguien intentó muchas veces, sin éxito, iniciar sesión en su cuenta de Offhook. Durante un tiempo se rechazarán más intentos desde allí.`,
      'Usted puede seguir iniciando sesión. Si fue usted, elija una contraseña nueva con «¿Ha olvidado la contraseña?».',
    ],
  }),
  tenant_suspended: ({ tenantName, reason }) => ({
    subject: `Offhook está suspendido para ${tenantName}`,
    paragraphs: [
      `Su proveedor ha suspendido el servicio para ${tenantName}.`,
      `El motivo indicado: ${reason}`,
      'Las llamadas de emergencia siguen funcionando y las llamadas en curso no se cortan. Usted puede seguir iniciando sesión como administrador. Póngase en contacto con su proveedor.',
    ],
  }),
  platform_notice: ({ tenantName, connectorName, notice }) => ({
    subject: `Sobre su centralita en ${connectorName}`,
    paragraphs: [`Un aviso sobre «${connectorName}» de ${tenantName}:`, notice],
  }),
  support_bundle: ({ tenantName, sender, note }) => ({
    subject: `Un registro de ${sender}`,
    paragraphs: [
      `${sender} de ${tenantName} pide ayuda con el teléfono y envía un registro.`,
      ...(note === '' ? [] : [`Su mensaje: ${note}`]),
      'El archivo va adjunto. No contiene contraseñas, ni cifras marcadas durante las llamadas, ni nombres, y de los números solo las dos últimas cifras.',
    ],
  }),
};
