import type { sso as english } from '../en/sso.ts';

export const sso: Record<keyof typeof english, string> = {
  'sso.title': 'Inici de sessió únic',
  'sso.hint':
    'Les persones entren amb la pàgina d’accés de la vostra empresa i no necessiten una altra contrasenya.',
  'sso.state.none': 'Sense configurar',
  'sso.state.off': 'Desactivat',
  'sso.state.on': 'Activat',
  'sso.state.only': 'Única via d’accés',
  'sso.provider': 'Al vostre proveïdor d’identitat',
  'sso.provider.hint':
    'Creeu-hi una aplicació (Entra ID, Keycloak, Okta, Google…) i introduïu aquestes adreces.',
  'sso.kind': 'Protocol',
  'sso.kind.oidc': 'OpenID Connect',
  'sso.kind.saml': 'SAML 2.0',
  'sso.redirectUri': 'Adreça de redirecció (redirect URI)',
  'sso.redirectUri.hint': 'Tipus d’aplicació: web. Copieu-la exactament.',
  'sso.samlMetadata': 'Adreça de les nostres metadades',
  'sso.samlMetadata.hint': 'Si el vostre proveïdor d’identitat llegeix metadades, amb això en té prou.',
  'sso.samlEntityId': 'Entity ID (audiència)',
  'sso.samlAcs': 'Adreça de resposta (URL d’ACS)',
  'sso.here': 'El que us indica el vostre proveïdor d’identitat',
  'sso.here.hint': 'Ho trobeu a l’aplicació que hi heu creat.',
  'sso.name': 'Nom al botó d’accés',
  'sso.name.hint': 'Es veu «Continua amb …».',
  'sso.issuer': 'Emissor (issuer)',
  'sso.issuer.hint': 'Una adreça com https://login.example.com/company. La resta es llegeix d’allà.',
  'sso.clientId': 'Client ID',
  'sso.clientSecret': 'Secret de client',
  'sso.clientSecret.stored':
    'N’hi ha un de desat. Deixeu-ho buit per conservar-lo; amb un altre emissor o client ID, introduïu el nou.',
  'sso.scopes': 'Àmbits (scopes)',
  'sso.metadata': 'Metadades del proveïdor d’identitat (XML)',
  'sso.metadata.hint':
    'Enganxeu tot el fitxer: d’aquí es llegeixen entity ID, adreça d’accés i certificats. O escriviu-los a sota.',
  'sso.entityId': 'Entity ID del proveïdor d’identitat',
  'sso.signOnUrl': 'Adreça d’accés',
  'sso.certificates': 'Certificats de signatura en ús',
  'sso.certificate': 'Certificat de signatura (PEM)',
  'sso.certificate.hint': 'Deixeu-ho buit per conservar els que estan en ús.',
  'sso.certificate.until': 'Vàlid fins al {{when}}',
  'sso.certificate.expired': 'Caducat el {{when}}',
  'sso.emailAttribute': 'Atribut amb l’adreça electrònica',
  'sso.emailAttribute.hint': 'Sense ell es pren el NameID.',
  'sso.nameAttribute': 'Atribut amb el nom',
  'sso.who': 'Qui entra així',
  'sso.who.hint': 'Qui introdueix una adreça d’aquests dominis va a la vostra pàgina d’accés.',
  'sso.domains': 'Dominis de correu',
  'sso.domains.hint': 'Per exemple example.com; Retorn després de cadascun.',
  'sso.domains.taken': 'Un d’aquests dominis pertany aquí a una altra empresa.',
  'sso.justInTime': 'Crea les persones quan entren per primera vegada',
  'sso.justInTime.hint':
    'Altrament, només entren les persones que heu afegit. No tenen línia fins que els n’assigneu una.',
  'sso.enabled': 'Fes servir l’inici de sessió únic',
  'sso.enabled.hint': 'Podeu desar i provar mentre està desactivat.',
  'sso.only': 'Les contrasenyes ja no donen accés',
  'sso.only.hint':
    'Es pot activar quan s’ha superat una prova o un administrador té un segon factor: els administradors amb segon factor encara entren amb contrasenya, perquè ningú no quedi fora.',
  'sso.test': 'Prova',
  'sso.test.hint':
    'Us fa entrar una vegada com ho farà la vostra gent, en una pestanya nova. No canvia res per a ningú.',
  'sso.test.begin': 'Prova l’accés',
  'sso.test.saveFirst': 'Deseu primer la configuració; es prova el que està desat.',
  'sso.test.waiting': 'S’està esperant que entreu al vostre proveïdor d’identitat.',
  'sso.test.open': 'Obre la pàgina d’accés',
  'sso.test.passed': 'Funciona',
  'sso.test.passed.who': 'Accés com a {{who}}.',
  'sso.test.failed': 'Encara no funciona',
  'sso.remove': 'Treu l’inici de sessió únic',
  'sso.remove.hint':
    'Les persones entren llavors amb contrasenya o clau d’accés. Qui no en tingui, l’obté amb «Heu oblidat la contrasenya?».',
  'sso.remove.title': 'Voleu treure l’inici de sessió únic?',
  'sso.remove.sure': 'Ningú no entra ja pel vostre proveïdor d’identitat. La configuració desapareix.',
  'sso.removed': 'S’ha tret l’inici de sessió únic.',
  'sso.fault.issuer_unreachable':
    'El proveïdor d’identitat no respon. Comproveu l’adreça de l’emissor i que sigui accessible des d’Internet.',
  'sso.fault.issuer_mismatch':
    'El proveïdor d’identitat s’identifica d’una altra manera. Copieu l’emissor exactament com ell l’indica, amb barra final o sense.',
  'sso.fault.client_rejected':
    'El proveïdor d’identitat no accepta el client ID o el secret. Copieu-los de nou; en molts proveïdors els secrets caduquen.',
  'sso.fault.redirect_uri_rejected':
    'El proveïdor d’identitat no coneix la nostra adreça de redirecció. Introduïu-hi exactament la de dalt.',
  'sso.fault.state_unknown':
    'La resposta no correspon a cap accés començat aquí, o ha arribat tard. Repetiu la prova al mateix navegador.',
  'sso.fault.signature_missing':
    'La resposta no està signada. Activeu la signatura de respostes o assercions al proveïdor d’identitat.',
  'sso.fault.signature_invalid':
    'La signatura no correspon al certificat desat aquí. Enganxeu les metadades o el certificat més nous.',
  'sso.fault.audience_wrong':
    'La resposta és per a una altra aplicació. Comproveu el client ID o l’entity ID (audiència) al proveïdor d’identitat.',
  'sso.fault.assertion_expired':
    'La resposta era massa antiga quan ha arribat. Repetiu; si persisteix, comproveu el rellotge del proveïdor d’identitat.',
  'sso.fault.assertion_replayed':
    'Aquesta resposta ja s’ha fet servir. No recarregueu la pàgina d’accés; repetiu la prova.',
  'sso.fault.clock_skew':
    'Els rellotges difereixen massa. Sincronitzeu el del proveïdor d’identitat amb un servidor de temps.',
  'sso.fault.nonce_wrong': 'La resposta correspon a un altre accés. Repetiu la prova.',
  'sso.fault.email_missing':
    'El proveïdor d’identitat no ha enviat cap adreça electrònica. Feu que l’enviï: l’àmbit «email» o l’atribut indicat aquí.',
  'sso.fault.email_unverified':
    'El proveïdor d’identitat no ha verificat aquesta adreça. Verifiqueu-la allà.',
  'sso.fault.domain_not_allowed':
    'L’adreça és d’un domini que no consta aquí. Afegiu-lo als dominis de correu o entreu amb un altre compte.',
  'sso.fault.user_unknown':
    'Ningú aquí no té aquesta adreça. Afegiu la persona o permeteu crear persones en entrar.',
  'sso.fault.user_disabled': 'Aquesta persona està desactivada aquí. Activeu-la a usuaris.',
  'sso.fault.certificate_invalid':
    'El certificat no es pot fer servir. Enganxeu el certificat de signatura del proveïdor d’identitat en PEM.',
  'sso.fault.certificate_expired':
    'El certificat del proveïdor d’identitat ha caducat. Enganxeu-ne les metadades o el certificat més nous.',
  'sso.fault.metadata_invalid':
    'El que el proveïdor d’identitat diu de si no es pot llegir. Comproveu l’adreça de l’emissor o enganxeu tot el fitxer de metadades.',
  'sso.fault.cancelled':
    'L’accés s’ha cancel·lat al proveïdor d’identitat, o aquest compte no hi pot fer servir l’aplicació. Assigneu-la-hi i torneu-ho a provar.',
  'sso.fault.response_invalid':
    'No s’ha entès la resposta del proveïdor d’identitat. A sota hi ha el que ha dit; mostreu-ho a qui l’administra.',
  'sso.proof': 'Prova dels dominis de correu',
  'sso.proof.hint': 'Un domini porta a la vostra pàgina d’accés així que el seu DNS mostra que és vostre.',
  'sso.proof.waiting': 'A l’espera de prova',
  'sso.proof.by.before': 'En ús des d’abans que es demanessin proves',
  'sso.proof.by.dns': 'Provat el {{when}}',
  'sso.proof.by.provider': 'Confirmat pel vostre proveïdor el {{when}}',
  'sso.proof.record': 'Registre TXT de {{domain}}',
  'sso.proof.record.hint':
    'Introduïu-lo allà on es gestiona el vostre DNS, al domini mateix (sovint «@»), al costat del que hi hagi. S’hi pot quedar.',
  'sso.proof.check': 'Comprova-ho ara',
  'sso.proof.found.no_domain': 'No hi ha cap domini {{domain}} al DNS. Comproveu com està escrit.',
  'sso.proof.found.no_record':
    '{{domain}} encara no mostra cap registre nostre. Un registre nou pot trigar una hora a veure’s.',
  'sso.proof.found.other_record':
    '{{domain}} mostra un altre registre nostre. Copieu exactament el de dalt. El que hi ha:',
  'sso.proof.found.unreachable':
    'Els servidors de noms de {{domain}} no han respost. Torneu-ho a provar d’aquí a uns minuts.',
  'sso.proof.found.held_elsewhere':
    'El registre és correcte, però una altra empresa ja ha provat {{domain}} aquí. Pregunteu-ho al vostre proveïdor.',
  'sso.fault.domain_unproved':
    'Encara no està provat que aquest domini pertanyi a la vostra empresa. Introduïu el registre que es mostra a la prova dels dominis de correu.',
  'sso.reason.address_invalid': 'Això no és una adreça.',
  'sso.reason.address_credentials': 'L’adreça no ha de contenir ni usuari ni contrasenya.',
  'sso.reason.address_not_https': 'L’adreça ha de començar per https://.',
  'sso.reason.address_private': 'L’adreça és d’una xarxa privada, on aquest servei no arriba.',
  'sso.reason.issuer_query': 'Un emissor no té ni «?» ni «#».',
  'sso.reason.scopes_openid': '«openid» ha de ser entre els scopes.',
  'sso.reason.domains_missing': 'Indiqueu els dominis de correu de la vostra gent.',
  'sso.reason.domain_free_mail':
    'Qualsevol obté una adreça d’aquest domini. Indiqueu dominis que pertanyin a la vostra empresa.',
  'sso.reason.certificate_unreadable': 'Això no és un certificat en format PEM.',
  'sso.reason.certificates_missing': 'Falta un certificat de signatura del proveïdor d’identitat.',
  'sso.reason.certificates_too_many': 'Hi ha massa certificats de signatura: cinc com a màxim.',
  'sso.reason.entity_id_missing': 'Falta l’identificador d’entitat del proveïdor d’identitat.',
  'sso.reason.sign_on_url_missing':
    'Falta l’adreça d’accés del proveïdor d’identitat (enllaç per redirecció).',
  'sso.reason.metadata_unreadable':
    'Aquestes metadades no es poden llegir. Enganxeu el fitxer sencer, sense canvis.',
  'sso.reason.metadata_no_provider': 'Aquestes metadades no descriuen cap proveïdor d’identitat.',
  'sso.reason.metadata_many_providers': 'Aquestes metadades descriuen més d’un proveïdor d’identitat.',
  'sso.reason.metadata_no_saml2': 'Aquest proveïdor d’identitat no ofereix SAML 2.0.',
};
