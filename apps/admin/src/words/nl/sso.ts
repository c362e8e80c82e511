import type { sso as english } from '../en/sso.ts';

export const sso: Record<keyof typeof english, string> = {
  'sso.title': 'Single sign-on',
  'sso.hint':
    'Mensen melden zich aan via de eigen aanmeldpagina van uw bedrijf en hebben geen ander wachtwoord nodig.',
  'sso.state.none': 'Niet ingericht',
  'sso.state.off': 'Uit',
  'sso.state.on': 'Aan',
  'sso.state.only': 'Enige toegang',
  'sso.provider': 'Bij uw identiteitsprovider',
  'sso.provider.hint':
    'Maak daar een toepassing aan (Entra ID, Keycloak, Okta, Google …) en vul deze adressen in.',
  'sso.kind': 'Protocol',
  'sso.kind.oidc': 'OpenID Connect',
  'sso.kind.saml': 'SAML 2.0',
  'sso.redirectUri': 'Omleidingsadres (redirect URI)',
  'sso.redirectUri.hint': 'Soort toepassing: web. Neem het exact over.',
  'sso.samlMetadata': 'Adres van onze metadata',
  'sso.samlMetadata.hint': 'Als uw identiteitsprovider metadata leest, is dit alles wat nodig is.',
  'sso.samlEntityId': 'Entity-ID (audience)',
  'sso.samlAcs': 'Antwoordadres (ACS-URL)',
  'sso.here': 'Wat uw identiteitsprovider u opgeeft',
  'sso.here.hint': 'U vindt het bij de toepassing die u daar hebt aangemaakt.',
  'sso.name': 'Naam op de aanmeldknop',
  'sso.name.hint': 'Mensen zien ‘Doorgaan met …’.',
  'sso.issuer': 'Uitgever (issuer)',
  'sso.issuer.hint': 'Een adres zoals https://login.example.com/company. De rest wordt daar gelezen.',
  'sso.clientId': 'Client-ID',
  'sso.clientSecret': 'Clientgeheim',
  'sso.clientSecret.stored':
    'Er is er een opgeslagen. Laat leeg om het te behouden; bij een andere uitgever of client-ID vult u het nieuwe in.',
  'sso.scopes': 'Scopes',
  'sso.metadata': 'Metadata van de identiteitsprovider (XML)',
  'sso.metadata.hint':
    'Plak het hele bestand: entity-ID, aanmeldadres en certificaten worden eruit gelezen. Of vul ze hieronder in.',
  'sso.entityId': 'Entity-ID van de identiteitsprovider',
  'sso.signOnUrl': 'Aanmeldadres',
  'sso.certificates': 'Gebruikte ondertekeningscertificaten',
  'sso.certificate': 'Ondertekeningscertificaat (PEM)',
  'sso.certificate.hint': 'Laat leeg om de gebruikte te behouden.',
  'sso.certificate.until': 'Geldig tot {{when}}',
  'sso.certificate.expired': 'Verlopen op {{when}}',
  'sso.emailAttribute': 'Attribuut met het e-mailadres',
  'sso.emailAttribute.hint': 'Anders wordt de NameID gebruikt.',
  'sso.nameAttribute': 'Attribuut met de naam',
  'sso.who': 'Wie zich zo aanmeldt',
  'sso.who.hint': 'Wie een adres van deze domeinen invult, komt op uw aanmeldpagina.',
  'sso.domains': 'E-maildomeinen',
  'sso.domains.hint': 'Zoals example.com; Enter na elk domein.',
  'sso.domains.taken': 'Een van deze domeinen hoort hier bij een ander bedrijf.',
  'sso.justInTime': 'Mensen aanmaken als ze zich voor het eerst aanmelden',
  'sso.justInTime.hint':
    'Anders komen alleen mensen binnen die u hebt toegevoegd. Ze hebben geen lijn totdat u er een geeft.',
  'sso.enabled': 'Single sign-on gebruiken',
  'sso.enabled.hint': 'U kunt opslaan en testen terwijl het uit staat.',
  'sso.only': 'Wachtwoorden geven geen toegang meer',
  'sso.only.hint':
    'Kan worden ingeschakeld zodra een test is geslaagd of een beheerder een tweede factor heeft: beheerders met een tweede factor komen nog met een wachtwoord binnen, zodat niemand wordt buitengesloten.',
  'sso.test': 'Test',
  'sso.test.hint':
    'Meldt u één keer aan zoals uw mensen dat zullen doen, in een nieuw tabblad. Voor niemand verandert iets.',
  'sso.test.begin': 'Aanmelden testen',
  'sso.test.saveFirst': 'Sla eerst de instellingen op; getest wordt wat is opgeslagen.',
  'sso.test.waiting': 'Er wordt gewacht tot u zich bij uw identiteitsprovider hebt aangemeld.',
  'sso.test.open': 'Aanmeldpagina openen',
  'sso.test.passed': 'Het werkt',
  'sso.test.passed.who': 'Aangemeld als {{who}}.',
  'sso.test.failed': 'Het werkt nog niet',
  'sso.remove': 'Single sign-on verwijderen',
  'sso.remove.hint':
    'Mensen melden zich dan aan met een wachtwoord of passkey. Wie er geen heeft, krijgt er een via ‘Wachtwoord vergeten?’.',
  'sso.remove.title': 'Single sign-on verwijderen?',
  'sso.remove.sure': 'Niemand komt nog binnen via uw identiteitsprovider. De instellingen zijn weg.',
  'sso.removed': 'Single sign-on is verwijderd.',
  'sso.fault.issuer_unreachable':
    'De identiteitsprovider antwoordt niet. Controleer het adres van de uitgever en of het vanaf internet bereikbaar is.',
  'sso.fault.issuer_mismatch':
    'De identiteitsprovider noemt zich anders. Neem de uitgever exact over zoals hij zich noemt, met of zonder schuine streep aan het eind.',
  'sso.fault.client_rejected':
    'De identiteitsprovider aanvaardt client-ID of geheim niet. Kopieer beide opnieuw; bij veel providers verlopen geheimen.',
  'sso.fault.redirect_uri_rejected':
    'De identiteitsprovider kent ons omleidingsadres niet. Vul daar exact het bovenstaande in.',
  'sso.fault.state_unknown':
    'Het antwoord hoort bij geen aanmelding die hier begon, of kwam te laat. Begin de test opnieuw, in dezelfde browser.',
  'sso.fault.signature_missing':
    'Het antwoord is niet ondertekend. Schakel bij de identiteitsprovider het ondertekenen van antwoorden of assertions in.',
  'sso.fault.signature_invalid':
    'De handtekening past niet bij het hier opgeslagen certificaat. Plak de nieuwste metadata of het nieuwste certificaat.',
  'sso.fault.audience_wrong':
    'Het antwoord is voor een andere toepassing bedoeld. Controleer de client-ID of de entity-ID (audience) bij de identiteitsprovider.',
  'sso.fault.assertion_expired':
    'Het antwoord was te oud toen het kwam. Begin opnieuw; blijft het zo, controleer dan de klok van de identiteitsprovider.',
  'sso.fault.assertion_replayed':
    'Dit antwoord is al gebruikt. Laad de aanmeldpagina niet opnieuw; begin de test opnieuw.',
  'sso.fault.clock_skew':
    'De klokken verschillen te veel. Zet de klok van de identiteitsprovider gelijk met een tijdserver.',
  'sso.fault.nonce_wrong': 'Het antwoord hoort bij een andere aanmelding. Begin de test opnieuw.',
  'sso.fault.email_missing':
    'De identiteitsprovider stuurde geen e-mailadres. Laat het vrijgeven: de scope ‘email’, of het hier genoemde attribuut.',
  'sso.fault.email_unverified':
    'De identiteitsprovider heeft dit e-mailadres niet geverifieerd. Verifieer het daar.',
  'sso.fault.domain_not_allowed':
    'Het adres is van een domein dat hier niet staat. Voeg het toe bij e-maildomeinen, of meld u met een ander account aan.',
  'sso.fault.user_unknown':
    'Niemand hier heeft dit e-mailadres. Voeg de persoon toe, of laat mensen bij het aanmelden aanmaken.',
  'sso.fault.user_disabled': 'Deze persoon is hier uitgeschakeld. Schakel hem of haar in bij gebruikers.',
  'sso.fault.certificate_invalid':
    'Het certificaat is niet bruikbaar. Plak het ondertekeningscertificaat van de identiteitsprovider als PEM.',
  'sso.fault.certificate_expired':
    'Het certificaat van de identiteitsprovider is verlopen. Plak de nieuwste metadata of het nieuwste certificaat.',
  'sso.fault.metadata_invalid':
    'Wat de identiteitsprovider over zichzelf zegt, is niet leesbaar. Controleer het adres van de uitgever, of plak het hele metadatabestand.',
  'sso.fault.cancelled':
    'De aanmelding is bij de identiteitsprovider afgebroken, of dit account mag de toepassing daar niet gebruiken. Wijs haar toe en probeer het opnieuw.',
  'sso.fault.response_invalid':
    'Het antwoord van de identiteitsprovider werd niet begrepen. Hieronder staat wat die zei; laat het zien aan wie hem beheert.',
  'sso.proof': 'Bewijs van de e-maildomeinen',
  'sso.proof.hint': 'Een domein leidt naar uw aanmeldpagina zodra de DNS ervan laat zien dat het van u is.',
  'sso.proof.waiting': 'Wacht op bewijs',
  'sso.proof.by.before': 'Al in gebruik voordat bewijs werd gevraagd',
  'sso.proof.by.dns': 'Bewezen op {{when}}',
  'sso.proof.by.provider': 'Door uw aanbieder bevestigd op {{when}}',
  'sso.proof.record': 'TXT-record van {{domain}}',
  'sso.proof.record.hint':
    'Voer het in waar uw DNS wordt beheerd, bij het domein zelf (vaak “@”), naast wat er al staat. Het mag blijven staan.',
  'sso.proof.check': 'Nu controleren',
  'sso.proof.found.no_domain': 'In de DNS bestaat geen domein {{domain}}. Controleer hoe het geschreven is.',
  'sso.proof.found.no_record':
    '{{domain}} toont nog geen record van ons. Het kan een uur duren voordat een nieuw record zichtbaar is.',
  'sso.proof.found.other_record':
    '{{domain}} toont een ander record van ons. Kopieer precies het bovenstaande. Er staat:',
  'sso.proof.found.unreachable':
    'De nameservers van {{domain}} antwoordden niet. Probeer het over enkele minuten opnieuw.',
  'sso.proof.found.held_elsewhere':
    'Het record klopt, maar een ander bedrijf heeft {{domain}} hier al bewezen. Vraag het uw aanbieder.',
  'sso.fault.domain_unproved':
    'Dat dit domein van uw bedrijf is, is nog niet bewezen. Voer het record in dat bij het bewijs van de e-maildomeinen staat.',
  'sso.reason.address_invalid': 'Dit is geen adres.',
  'sso.reason.address_credentials': 'Het adres mag geen gebruikersnaam of wachtwoord bevatten.',
  'sso.reason.address_not_https': 'Het adres moet met https:// beginnen.',
  'sso.reason.address_private': 'Het adres is van een privénetwerk, dat deze dienst niet bereikt.',
  'sso.reason.issuer_query': 'Een uitgever heeft geen “?” en geen “#”.',
  'sso.reason.scopes_openid': '“openid” moet bij de scopes staan.',
  'sso.reason.domains_missing': 'Noem de e-maildomeinen van uw mensen.',
  'sso.reason.domain_free_mail':
    'Van dit domein krijgt iedereen een adres. Noem domeinen die van uw bedrijf zijn.',
  'sso.reason.certificate_unreadable': 'Dit is geen certificaat in PEM-formaat.',
  'sso.reason.certificates_missing': 'Een ondertekeningscertificaat van de identiteitsprovider ontbreekt.',
  'sso.reason.certificates_too_many': 'Er zijn te veel ondertekeningscertificaten: hoogstens vijf.',
  'sso.reason.entity_id_missing': 'De entity-ID van de identiteitsprovider ontbreekt.',
  'sso.reason.sign_on_url_missing':
    'Het aanmeldadres van de identiteitsprovider (redirect binding) ontbreekt.',
  'sso.reason.metadata_unreadable': 'Deze metadata zijn niet leesbaar. Plak het hele bestand, ongewijzigd.',
  'sso.reason.metadata_no_provider': 'Deze metadata beschrijven geen identiteitsprovider.',
  'sso.reason.metadata_many_providers': 'Deze metadata beschrijven meer dan één identiteitsprovider.',
  'sso.reason.metadata_no_saml2': 'Deze identiteitsprovider biedt geen SAML 2.0.',
};
