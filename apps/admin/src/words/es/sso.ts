import type { sso as english } from '../en/sso.ts';

export const sso: Record<keyof typeof english, string> = {
  'sso.title': 'Inicio de sesión único',
  'sso.hint': 'Las personas entran con la página de acceso de su empresa y no necesitan otra contraseña.',
  'sso.state.none': 'Sin configurar',
  'sso.state.off': 'Desactivado',
  'sso.state.on': 'Activado',
  'sso.state.only': 'Única vía de acceso',
  'sso.provider': 'En su proveedor de identidad',
  'sso.provider.hint':
    'Cree allí una aplicación (Entra ID, Keycloak, Okta, Google…) e introduzca estas direcciones.',
  'sso.kind': 'Protocolo',
  'sso.kind.oidc': 'OpenID Connect',
  'sso.kind.saml': 'SAML 2.0',
  'sso.redirectUri': 'Dirección de redirección (redirect URI)',
  'sso.redirectUri.hint': 'Tipo de aplicación: web. Cópiela exactamente.',
  'sso.samlMetadata': 'Dirección de nuestros metadatos',
  'sso.samlMetadata.hint': 'Si su proveedor de identidad lee metadatos, no necesita nada más.',
  'sso.samlEntityId': 'Entity ID (audiencia)',
  'sso.samlAcs': 'Dirección de respuesta (URL de ACS)',
  'sso.here': 'Lo que le indica su proveedor de identidad',
  'sso.here.hint': 'Lo encuentra en la aplicación que creó allí.',
  'sso.name': 'Nombre en el botón de acceso',
  'sso.name.hint': 'Se ve «Continuar con …».',
  'sso.issuer': 'Emisor (issuer)',
  'sso.issuer.hint': 'Una dirección como https://login.example.com/company. El resto se lee de ahí.',
  'sso.clientId': 'Client ID',
  'sso.clientSecret': 'Secreto de cliente',
  'sso.clientSecret.stored':
    'Hay uno guardado. Déjelo vacío para conservarlo; con otro emisor o client ID, introduzca el nuevo.',
  'sso.scopes': 'Ámbitos (scopes)',
  'sso.metadata': 'Metadatos del proveedor de identidad (XML)',
  'sso.metadata.hint':
    'Pegue el archivo completo: de él se leen entity ID, dirección de acceso y certificados. O escríbalos abajo.',
  'sso.entityId': 'Entity ID del proveedor de identidad',
  'sso.signOnUrl': 'Dirección de acceso',
  'sso.certificates': 'Certificados de firma en uso',
  'sso.certificate': 'Certificado de firma (PEM)',
  'sso.certificate.hint': 'Déjelo vacío para conservar los que están en uso.',
  'sso.certificate.until': 'Válido hasta {{when}}',
  'sso.certificate.expired': 'Caducado el {{when}}',
  'sso.emailAttribute': 'Atributo con la dirección de correo',
  'sso.emailAttribute.hint': 'Sin él se toma el NameID.',
  'sso.nameAttribute': 'Atributo con el nombre',
  'sso.who': 'Quién entra así',
  'sso.who.hint': 'Quien introduce una dirección de estos dominios va a su página de acceso.',
  'sso.domains': 'Dominios de correo',
  'sso.domains.hint': 'Por ejemplo example.com; Intro después de cada uno.',
  'sso.domains.taken': 'Uno de estos dominios pertenece aquí a otra empresa.',
  'sso.justInTime': 'Crear a las personas la primera vez que entran',
  'sso.justInTime.hint':
    'De lo contrario, solo entran las personas que ha añadido. No tienen línea hasta que les asigne una.',
  'sso.enabled': 'Usar el inicio de sesión único',
  'sso.enabled.hint': 'Puede guardar y probar mientras está desactivado.',
  'sso.only': 'Las contraseñas ya no dan acceso',
  'sso.only.hint':
    'Se puede activar cuando se ha superado una prueba o un administrador tiene un segundo factor: los administradores con segundo factor siguen entrando con contraseña, para que nadie quede fuera.',
  'sso.test': 'Prueba',
  'sso.test.hint':
    'Le hace entrar una vez como lo harán los demás, en una pestaña nueva. No cambia nada para nadie.',
  'sso.test.begin': 'Probar el acceso',
  'sso.test.saveFirst': 'Guarde primero los ajustes; se prueba lo que está guardado.',
  'sso.test.waiting': 'Esperando a que entre en su proveedor de identidad.',
  'sso.test.open': 'Abrir la página de acceso',
  'sso.test.passed': 'Funciona',
  'sso.test.passed.who': 'Acceso como {{who}}.',
  'sso.test.failed': 'Aún no funciona',
  'sso.remove': 'Quitar el inicio de sesión único',
  'sso.remove.hint':
    'Las personas entran entonces con contraseña o clave de acceso. Quien no tenga, la obtiene con «¿Ha olvidado la contraseña?».',
  'sso.remove.title': '¿Quitar el inicio de sesión único?',
  'sso.remove.sure': 'Nadie entra ya por su proveedor de identidad. Los ajustes desaparecen.',
  'sso.removed': 'Se ha quitado el inicio de sesión único.',
  'sso.fault.issuer_unreachable':
    'El proveedor de identidad no responde. Compruebe la dirección del emisor y que sea accesible desde Internet.',
  'sso.fault.issuer_mismatch':
    'El proveedor de identidad se identifica de otra forma. Copie el emisor exactamente como él lo indica, con o sin barra final.',
  'sso.fault.client_rejected':
    'El proveedor de identidad no acepta el client ID o el secreto. Cópielos de nuevo; en muchos proveedores los secretos caducan.',
  'sso.fault.redirect_uri_rejected':
    'El proveedor de identidad no conoce nuestra dirección de redirección. Introduzca allí exactamente la de arriba.',
  'sso.fault.state_unknown':
    'La respuesta no corresponde a ningún acceso iniciado aquí, o llegó tarde. Repita la prueba en el mismo navegador.',
  'sso.fault.signature_missing':
    'La respuesta no está firmada. Active la firma de respuestas o aserciones en el proveedor de identidad.',
  'sso.fault.signature_invalid':
    'La firma no corresponde al certificado guardado aquí. Pegue los metadatos o el certificado más recientes.',
  'sso.fault.audience_wrong':
    'La respuesta es para otra aplicación. Compruebe el client ID o la entity ID (audiencia) en el proveedor de identidad.',
  'sso.fault.assertion_expired':
    'La respuesta era demasiado antigua al llegar. Repita; si persiste, compruebe el reloj del proveedor de identidad.',
  'sso.fault.assertion_replayed':
    'Esta respuesta ya se ha usado. No recargue la página de acceso; repita la prueba.',
  'sso.fault.clock_skew':
    'Los relojes difieren demasiado. Sincronice el del proveedor de identidad con un servidor de tiempo.',
  'sso.fault.nonce_wrong': 'La respuesta corresponde a otro acceso. Repita la prueba.',
  'sso.fault.email_missing':
    'El proveedor de identidad no envió ninguna dirección de correo. Haga que la envíe: el ámbito «email» o el atributo indicado aquí.',
  'sso.fault.email_unverified':
    'El proveedor de identidad no ha verificado esta dirección. Verifíquela allí.',
  'sso.fault.domain_not_allowed':
    'La dirección es de un dominio que no figura aquí. Añádalo a los dominios de correo o entre con otra cuenta.',
  'sso.fault.user_unknown':
    'Nadie aquí tiene esta dirección. Añada a la persona o permita crear personas al entrar.',
  'sso.fault.user_disabled': 'Esta persona está desactivada aquí. Actívela en usuarios.',
  'sso.fault.certificate_invalid':
    'El certificado no se puede usar. Pegue el certificado de firma del proveedor de identidad en PEM.',
  'sso.fault.certificate_expired':
    'El certificado del proveedor de identidad ha caducado. Pegue sus metadatos o su certificado más recientes.',
  'sso.fault.metadata_invalid':
    'Lo que el proveedor de identidad dice de sí no se puede leer. Compruebe la dirección del emisor o pegue el archivo de metadatos completo.',
  'sso.fault.cancelled':
    'El acceso se canceló en el proveedor de identidad, o esta cuenta no puede usar allí la aplicación. Asígnesela y vuelva a intentarlo.',
  'sso.fault.response_invalid':
    'No se entendió la respuesta del proveedor de identidad. Abajo está lo que dijo; muéstrelo a quien lo administra.',
  'sso.proof': 'Prueba de los dominios de correo',
  'sso.proof.hint': 'Un dominio lleva a su página de acceso en cuanto su DNS muestra que es suyo.',
  'sso.proof.waiting': 'A la espera de prueba',
  'sso.proof.by.before': 'En uso desde antes de que se pidieran pruebas',
  'sso.proof.by.dns': 'Probado el {{when}}',
  'sso.proof.by.provider': 'Confirmado por su proveedor el {{when}}',
  'sso.proof.record': 'Registro TXT de {{domain}}',
  'sso.proof.record.hint':
    'Introdúzcalo donde se gestiona su DNS, en el propio dominio (a menudo «@»), junto a lo que ya haya. Puede quedarse.',
  'sso.proof.check': 'Comprobar ahora',
  'sso.proof.found.no_domain': 'No existe el dominio {{domain}} en el DNS. Compruebe cómo está escrito.',
  'sso.proof.found.no_record':
    '{{domain}} aún no muestra ningún registro nuestro. Un registro nuevo puede tardar una hora en verse.',
  'sso.proof.found.other_record':
    '{{domain}} muestra otro registro nuestro. Copie exactamente el de arriba. Lo que hay:',
  'sso.proof.found.unreachable':
    'Los servidores de nombres de {{domain}} no han respondido. Vuelva a intentarlo en unos minutos.',
  'sso.proof.found.held_elsewhere':
    'El registro es correcto, pero otra empresa ya ha probado {{domain}} aquí. Pregunte a su proveedor.',
  'sso.fault.domain_unproved':
    'Aún no está probado que este dominio pertenezca a su empresa. Introduzca el registro que aparece en la prueba de los dominios de correo.',
  'sso.reason.address_invalid': 'Esto no es una dirección.',
  'sso.reason.address_credentials': 'La dirección no debe contener ni usuario ni contraseña.',
  'sso.reason.address_not_https': 'La dirección debe empezar por https://.',
  'sso.reason.address_private': 'La dirección es de una red privada, a la que este servicio no llega.',
  'sso.reason.issuer_query': 'Un emisor no lleva ni «?» ni «#».',
  'sso.reason.scopes_openid': '«openid» debe estar entre los scopes.',
  'sso.reason.domains_missing': 'Indique los dominios de correo de su personal.',
  'sso.reason.domain_free_mail':
    'Cualquiera obtiene una dirección de este dominio. Indique dominios que pertenezcan a su empresa.',
  'sso.reason.certificate_unreadable': 'Esto no es un certificado en formato PEM.',
  'sso.reason.certificates_missing': 'Falta un certificado de firma del proveedor de identidad.',
  'sso.reason.certificates_too_many': 'Hay demasiados certificados de firma: cinco como máximo.',
  'sso.reason.entity_id_missing': 'Falta el identificador de entidad del proveedor de identidad.',
  'sso.reason.sign_on_url_missing':
    'Falta la dirección de acceso del proveedor de identidad (enlace por redirección).',
  'sso.reason.metadata_unreadable':
    'Estos metadatos no se pueden leer. Pegue el archivo entero, sin cambios.',
  'sso.reason.metadata_no_provider': 'Estos metadatos no describen ningún proveedor de identidad.',
  'sso.reason.metadata_many_providers': 'Estos metadatos describen más de un proveedor de identidad.',
  'sso.reason.metadata_no_saml2': 'Este proveedor de identidad no ofrece SAML 2.0.',
};
