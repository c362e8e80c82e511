import type { sso as english } from '../en/sso.ts';

export const sso: Record<keyof typeof english, string> = {
  'sso.title': 'Single sign-on',
  'sso.hint': 'Le persone accedono con la pagina della sua azienda e non hanno bisogno di un’altra password.',
  'sso.state.none': 'Non configurato',
  'sso.state.off': 'Disattivato',
  'sso.state.on': 'Attivo',
  'sso.state.only': 'Unico accesso',
  'sso.provider': 'Presso il suo provider di identità',
  'sso.provider.hint':
    'Crei lì un’applicazione (Entra ID, Keycloak, Okta, Google…) e inserisca questi indirizzi.',
  'sso.kind': 'Protocollo',
  'sso.kind.oidc': 'OpenID Connect',
  'sso.kind.saml': 'SAML 2.0',
  'sso.redirectUri': 'Indirizzo di reindirizzamento (redirect URI)',
  'sso.redirectUri.hint': 'Tipo di applicazione: web. Da copiare esattamente.',
  'sso.samlMetadata': 'Indirizzo dei nostri metadati',
  'sso.samlMetadata.hint': 'Se il suo provider di identità legge i metadati, gli basta questo.',
  'sso.samlEntityId': 'Entity ID (audience)',
  'sso.samlAcs': 'Indirizzo di risposta (URL ACS)',
  'sso.here': 'Che cosa le indica il suo provider di identità',
  'sso.here.hint': 'Lo trova nell’applicazione che ha creato lì.',
  'sso.name': 'Nome sul pulsante di accesso',
  'sso.name.hint': 'Si vede «Continua con …».',
  'sso.issuer': 'Emittente (issuer)',
  'sso.issuer.hint': 'Un indirizzo come https://login.example.com/company. Il resto viene letto da lì.',
  'sso.clientId': 'Client ID',
  'sso.clientSecret': 'Segreto client',
  'sso.clientSecret.stored':
    'Ce n’è uno salvato. Lasci vuoto per mantenerlo; con un altro emittente o client ID inserisca il nuovo.',
  'sso.scopes': 'Scope',
  'sso.metadata': 'Metadati del provider di identità (XML)',
  'sso.metadata.hint':
    'Incolli il file intero: entity ID, indirizzo di accesso e certificati vengono letti da lì. Oppure li inserisca qui sotto.',
  'sso.entityId': 'Entity ID del provider di identità',
  'sso.signOnUrl': 'Indirizzo di accesso',
  'sso.certificates': 'Certificati di firma in uso',
  'sso.certificate': 'Certificato di firma (PEM)',
  'sso.certificate.hint': 'Lasci vuoto per mantenere quelli in uso.',
  'sso.certificate.until': 'Valido fino al {{when}}',
  'sso.certificate.expired': 'Scaduto il {{when}}',
  'sso.emailAttribute': 'Attributo con l’indirizzo e-mail',
  'sso.emailAttribute.hint': 'In assenza, si usa il NameID.',
  'sso.nameAttribute': 'Attributo con il nome',
  'sso.who': 'Chi accede così',
  'sso.who.hint': 'Chi inserisce un indirizzo di questi domini viene portato alla sua pagina di accesso.',
  'sso.domains': 'Domini e-mail',
  'sso.domains.hint': 'Ad esempio example.com; Invio dopo ciascuno.',
  'sso.domains.taken': 'Uno di questi domini appartiene qui a un’altra azienda.',
  'sso.justInTime': 'Creare le persone al primo accesso',
  'sso.justInTime.hint':
    'Altrimenti entra solo chi ha aggiunto lei. Non hanno una linea finché non gliene assegna una.',
  'sso.enabled': 'Usare il single sign-on',
  'sso.enabled.hint': 'Può salvare e provare mentre è disattivato.',
  'sso.only': 'Le password non danno più accesso',
  'sso.only.hint':
    'Si può attivare dopo un test riuscito o se un amministratore ha un secondo fattore: gli amministratori con secondo fattore entrano ancora con la password, così nessuno resta chiuso fuori.',
  'sso.test': 'Test',
  'sso.test.hint':
    'La fa accedere una volta come faranno gli altri, in una nuova scheda. Non cambia nulla per nessuno.',
  'sso.test.begin': 'Provare l’accesso',
  'sso.test.saveFirst': 'Salvi prima le impostazioni; si prova ciò che è salvato.',
  'sso.test.waiting': 'In attesa del suo accesso presso il provider di identità.',
  'sso.test.open': 'Aprire la pagina di accesso',
  'sso.test.passed': 'Funziona',
  'sso.test.passed.who': 'Accesso come {{who}}.',
  'sso.test.failed': 'Non funziona ancora',
  'sso.remove': 'Rimuovere il single sign-on',
  'sso.remove.hint':
    'Si accede allora con password o passkey. Chi non ne ha la ottiene con «Password dimenticata?».',
  'sso.remove.title': 'Rimuovere il single sign-on?',
  'sso.remove.sure': 'Nessuno entra più tramite il suo provider di identità. Le impostazioni spariscono.',
  'sso.removed': 'Il single sign-on è stato rimosso.',
  'sso.fault.issuer_unreachable':
    'Il provider di identità non risponde. Controlli l’indirizzo dell’emittente e che sia raggiungibile da Internet.',
  'sso.fault.issuer_mismatch':
    'Il provider di identità si identifica diversamente. Copi l’emittente esattamente come lo indica, con o senza barra finale.',
  'sso.fault.client_rejected':
    'Il provider di identità non accetta client ID o segreto. Li copi di nuovo; presso molti provider i segreti scadono.',
  'sso.fault.redirect_uri_rejected':
    'Il provider di identità non conosce il nostro indirizzo di reindirizzamento. Inserisca lì esattamente quello qui sopra.',
  'sso.fault.state_unknown':
    'La risposta non appartiene ad alcun accesso iniziato qui, o è arrivata tardi. Ripeta il test nello stesso browser.',
  'sso.fault.signature_missing':
    'La risposta non è firmata. Attivi la firma di risposte o asserzioni presso il provider di identità.',
  'sso.fault.signature_invalid':
    'La firma non corrisponde al certificato salvato qui. Incolli i metadati o il certificato più recenti.',
  'sso.fault.audience_wrong':
    'La risposta è destinata a un’altra applicazione. Controlli il client ID o l’entity ID (audience) presso il provider di identità.',
  'sso.fault.assertion_expired':
    'La risposta era troppo vecchia all’arrivo. Riprovi; se persiste, controlli l’orologio del provider di identità.',
  'sso.fault.assertion_replayed':
    'Questa risposta è già stata usata. Non ricarichi la pagina di accesso; ripeta il test.',
  'sso.fault.clock_skew':
    'Gli orologi differiscono troppo. Sincronizzi quello del provider di identità con un server di tempo.',
  'sso.fault.nonce_wrong': 'La risposta appartiene a un altro accesso. Ripeta il test.',
  'sso.fault.email_missing':
    'Il provider di identità non ha inviato un indirizzo e-mail. Lo faccia rilasciare: lo scope «email» o l’attributo indicato qui.',
  'sso.fault.email_unverified':
    'Il provider di identità non ha verificato questo indirizzo e-mail. Lo verifichi lì.',
  'sso.fault.domain_not_allowed':
    'L’indirizzo è di un dominio non indicato qui. Lo aggiunga ai domini e-mail o acceda con un altro account.',
  'sso.fault.user_unknown':
    'Nessuno qui ha questo indirizzo e-mail. Aggiunga la persona o faccia creare le persone all’accesso.',
  'sso.fault.user_disabled': 'Questa persona è disattivata qui. La riattivi tra gli utenti.',
  'sso.fault.certificate_invalid':
    'Il certificato non è utilizzabile. Incolli il certificato di firma del provider di identità in PEM.',
  'sso.fault.certificate_expired':
    'Il certificato del provider di identità è scaduto. Incolli i metadati o il certificato più recenti.',
  'sso.fault.metadata_invalid':
    'Ciò che il provider di identità dice di sé non è leggibile. Controlli l’indirizzo dell’emittente o incolli il file di metadati intero.',
  'sso.fault.cancelled':
    'L’accesso è stato annullato presso il provider di identità, o questo account non può usare l’applicazione. Gliela assegni e riprovi.',
  'sso.fault.response_invalid':
    'La risposta del provider di identità non è stata compresa. Qui sotto c’è ciò che ha detto; lo mostri a chi lo amministra.',
  'sso.proof': 'Prova dei domini e-mail',
  'sso.proof.hint': 'Un dominio porta alla sua pagina di accesso appena il suo DNS mostra che le appartiene.',
  'sso.proof.waiting': 'In attesa di prova',
  'sso.proof.by.before': 'In uso da prima che si chiedessero prove',
  'sso.proof.by.dns': 'Provato il {{when}}',
  'sso.proof.by.provider': 'Confermato dal suo fornitore il {{when}}',
  'sso.proof.record': 'Record TXT di {{domain}}',
  'sso.proof.record.hint':
    'Lo inserisca dove si gestisce il suo DNS, al dominio stesso (spesso «@»), accanto a ciò che c’è. Può restare.',
  'sso.proof.check': 'Verificare ora',
  'sso.proof.found.no_domain': 'Nel DNS non esiste il dominio {{domain}}. Controlli come è scritto.',
  'sso.proof.found.no_record':
    '{{domain}} non mostra ancora alcun nostro record. Un record nuovo può impiegare un’ora per essere visibile.',
  'sso.proof.found.other_record':
    '{{domain}} mostra un altro nostro record. Copi esattamente quello qui sopra. Ecco ciò che c’è:',
  'sso.proof.found.unreachable':
    'I server dei nomi di {{domain}} non hanno risposto. Riprovi tra qualche minuto.',
  'sso.proof.found.held_elsewhere':
    'Il record è giusto, ma un’altra azienda ha già provato {{domain}} qui. Si rivolga al suo fornitore.',
  'sso.fault.domain_unproved':
    'Non è ancora provato che questo dominio appartenga alla sua azienda. Inserisca il record mostrato alla prova dei domini e-mail.',
  'sso.reason.address_invalid': 'Questo non è un indirizzo.',
  'sso.reason.address_credentials': 'L’indirizzo non deve contenere nome utente né password.',
  'sso.reason.address_not_https': 'L’indirizzo deve iniziare con https://.',
  'sso.reason.address_private': 'L’indirizzo è di una rete privata, che questo servizio non raggiunge.',
  'sso.reason.issuer_query': 'Un emittente non ha né «?» né «#».',
  'sso.reason.scopes_openid': '«openid» deve essere tra gli scope.',
  'sso.reason.domains_missing': 'Indichi i domini e-mail del suo personale.',
  'sso.reason.domain_free_mail':
    'Chiunque ottiene un indirizzo di questo dominio. Indichi domini che appartengono alla sua azienda.',
  'sso.reason.certificate_unreadable': 'Questo non è un certificato in formato PEM.',
  'sso.reason.certificates_missing': 'Manca un certificato di firma del provider di identità.',
  'sso.reason.certificates_too_many': 'I certificati di firma sono troppi: al massimo cinque.',
  'sso.reason.entity_id_missing': 'Manca l’Entity ID del provider di identità.',
  'sso.reason.sign_on_url_missing':
    'Manca l’indirizzo di accesso del provider di identità (redirect binding).',
  'sso.reason.metadata_unreadable':
    'Questi metadati non sono leggibili. Incolli il file intero, senza modifiche.',
  'sso.reason.metadata_no_provider': 'Questi metadati non descrivono alcun provider di identità.',
  'sso.reason.metadata_many_providers': 'Questi metadati descrivono più di un provider di identità.',
  'sso.reason.metadata_no_saml2': 'Questo provider di identità non offre SAML 2.0.',
};
