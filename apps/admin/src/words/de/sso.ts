import type { sso as english } from '../en/sso.ts';

export const sso: Record<keyof typeof english, string> = {
  'sso.title': 'Single Sign-on',
  'sso.hint':
    'Ihre Leute melden sich mit der Anmeldeseite Ihres Unternehmens an und brauchen kein weiteres Passwort.',
  'sso.state.none': 'Nicht eingerichtet',
  'sso.state.off': 'Aus',
  'sso.state.on': 'Ein',
  'sso.state.only': 'Einziger Zugang',
  'sso.provider': 'Bei Ihrem Identitätsanbieter',
  'sso.provider.hint':
    'Legen Sie dort eine Anwendung an (Entra ID, Keycloak, Okta, Google …) und tragen Sie diese Adressen ein.',
  'sso.kind': 'Protokoll',
  'sso.kind.oidc': 'OpenID Connect',
  'sso.kind.saml': 'SAML 2.0',
  'sso.redirectUri': 'Umleitungsadresse (Redirect-URI)',
  'sso.redirectUri.hint': 'Art der Anwendung: Web. Genau so übernehmen.',
  'sso.samlMetadata': 'Adresse unserer Metadaten',
  'sso.samlMetadata.hint': 'Liest Ihr Identitätsanbieter Metadaten, genügt ihm das.',
  'sso.samlEntityId': 'Entity-ID (Audience)',
  'sso.samlAcs': 'Antwortadresse (ACS-URL)',
  'sso.here': 'Was Ihr Identitätsanbieter Ihnen nennt',
  'sso.here.hint': 'Sie finden es bei der Anwendung, die Sie dort angelegt haben.',
  'sso.name': 'Name auf der Anmeldeschaltfläche',
  'sso.name.hint': 'Die Leute sehen „Weiter mit …“.',
  'sso.issuer': 'Aussteller (Issuer)',
  'sso.issuer.hint': 'Eine Adresse wie https://login.example.com/company. Alles Weitere wird dort gelesen.',
  'sso.clientId': 'Client-ID',
  'sso.clientSecret': 'Client-Secret',
  'sso.clientSecret.stored':
    'Es ist eines gespeichert. Leer lassen, um es zu behalten; bei anderem Aussteller oder anderer Client-ID geben Sie das neue ein.',
  'sso.scopes': 'Scopes',
  'sso.metadata': 'Metadaten des Identitätsanbieters (XML)',
  'sso.metadata.hint':
    'Fügen Sie die ganze Datei ein: Entity-ID, Anmeldeadresse und Zertifikate werden daraus gelesen. Oder geben Sie sie unten ein.',
  'sso.entityId': 'Entity-ID des Identitätsanbieters',
  'sso.signOnUrl': 'Anmeldeadresse',
  'sso.certificates': 'Verwendete Signaturzertifikate',
  'sso.certificate': 'Signaturzertifikat (PEM)',
  'sso.certificate.hint': 'Leer lassen, um die verwendeten zu behalten.',
  'sso.certificate.until': 'Gültig bis {{when}}',
  'sso.certificate.expired': 'Abgelaufen am {{when}}',
  'sso.emailAttribute': 'Attribut mit der E-Mail-Adresse',
  'sso.emailAttribute.hint': 'Sonst wird die NameID genommen.',
  'sso.nameAttribute': 'Attribut mit dem Namen',
  'sso.who': 'Wer sich so anmeldet',
  'sso.who.hint': 'Wer eine Adresse dieser Domänen eingibt, wird zu Ihrer Anmeldeseite geführt.',
  'sso.domains': 'E-Mail-Domänen',
  'sso.domains.hint': 'Etwa example.com; nach jeder die Eingabetaste.',
  'sso.domains.taken': 'Eine dieser Domänen gehört hier einem anderen Unternehmen.',
  'sso.justInTime': 'Personen bei der ersten Anmeldung anlegen',
  'sso.justInTime.hint':
    'Sonst kommt nur herein, wen Sie angelegt haben. Eine Leitung haben sie erst, wenn Sie ihnen eine geben.',
  'sso.enabled': 'Single Sign-on verwenden',
  'sso.enabled.hint': 'Sie können speichern und testen, solange es aus ist.',
  'sso.only': 'Passwörter sind kein Zugang mehr',
  'sso.only.hint':
    'Lässt sich einschalten, wenn ein Test bestanden ist oder eine Administratorin oder ein Administrator einen zweiten Faktor hat: Wer Administrationsrechte und einen zweiten Faktor hat, kommt weiterhin mit Passwort herein, damit niemand ausgesperrt wird.',
  'sso.test': 'Test',
  'sso.test.hint':
    'Meldet Sie einmal so an, wie es Ihre Leute tun werden, in einem neuen Tab. Für niemanden ändert sich etwas.',
  'sso.test.begin': 'Anmeldung testen',
  'sso.test.saveFirst': 'Speichern Sie zuerst die Einstellungen; getestet wird, was gespeichert ist.',
  'sso.test.waiting': 'Es wird gewartet, bis Sie sich beim Identitätsanbieter angemeldet haben.',
  'sso.test.open': 'Anmeldeseite öffnen',
  'sso.test.passed': 'Es funktioniert',
  'sso.test.passed.who': 'Angemeldet als {{who}}.',
  'sso.test.failed': 'Es funktioniert noch nicht',
  'sso.remove': 'Single Sign-on entfernen',
  'sso.remove.hint':
    'Die Leute melden sich dann mit Passwort oder Passkey an. Wer keines hat, bekommt eines über „Passwort vergessen?“.',
  'sso.remove.title': 'Single Sign-on entfernen?',
  'sso.remove.sure': 'Über Ihren Identitätsanbieter kommt niemand mehr herein. Die Einstellungen sind weg.',
  'sso.removed': 'Single Sign-on wurde entfernt.',
  'sso.fault.issuer_unreachable':
    'Der Identitätsanbieter antwortet nicht. Prüfen Sie die Adresse des Ausstellers und ob sie aus dem Internet erreichbar ist.',
  'sso.fault.issuer_mismatch':
    'Der Identitätsanbieter nennt sich anders. Übernehmen Sie den Aussteller genau so, wie er ihn nennt, mit oder ohne Schrägstrich am Ende.',
  'sso.fault.client_rejected':
    'Der Identitätsanbieter nimmt Client-ID oder Secret nicht an. Übernehmen Sie beide neu; bei vielen Anbietern laufen Secrets ab.',
  'sso.fault.redirect_uri_rejected':
    'Der Identitätsanbieter kennt unsere Umleitungsadresse nicht. Tragen Sie dort genau die obige ein.',
  'sso.fault.state_unknown':
    'Die Antwort gehört zu keiner hier begonnenen Anmeldung oder kam zu spät. Beginnen Sie den Test neu, im selben Browser.',
  'sso.fault.signature_missing':
    'Die Antwort ist nicht signiert. Schalten Sie beim Identitätsanbieter das Signieren von Antworten oder Assertions ein.',
  'sso.fault.signature_invalid':
    'Die Signatur passt nicht zum hier gespeicherten Zertifikat. Fügen Sie die neuesten Metadaten oder das neueste Zertifikat ein.',
  'sso.fault.audience_wrong':
    'Die Antwort ist für eine andere Anwendung bestimmt. Prüfen Sie die Client-ID oder die Entity-ID (Audience) beim Identitätsanbieter.',
  'sso.fault.assertion_expired':
    'Die Antwort war bei der Ankunft zu alt. Beginnen Sie neu; bleibt es dabei, prüfen Sie die Uhr des Identitätsanbieters.',
  'sso.fault.assertion_replayed':
    'Diese Antwort wurde schon verwendet. Laden Sie die Anmeldeseite nicht neu; beginnen Sie den Test noch einmal.',
  'sso.fault.clock_skew':
    'Die Uhren gehen zu weit auseinander. Stellen Sie die Uhr des Identitätsanbieters über einen Zeitserver.',
  'sso.fault.nonce_wrong':
    'Die Antwort gehört zu einer anderen Anmeldung. Beginnen Sie den Test noch einmal.',
  'sso.fault.email_missing':
    'Der Identitätsanbieter hat keine E-Mail-Adresse geschickt. Lassen Sie sie freigeben: den Scope „email“ oder das hier genannte Attribut.',
  'sso.fault.email_unverified':
    'Der Identitätsanbieter hat diese E-Mail-Adresse nicht geprüft. Lassen Sie sie dort bestätigen.',
  'sso.fault.domain_not_allowed':
    'Die Adresse gehört zu einer Domäne, die hier nicht genannt ist. Ergänzen Sie sie bei den E-Mail-Domänen, oder melden Sie sich mit einem anderen Konto an.',
  'sso.fault.user_unknown':
    'Hier hat niemand diese E-Mail-Adresse. Legen Sie die Person an, oder lassen Sie Personen bei der Anmeldung anlegen.',
  'sso.fault.user_disabled': 'Diese Person ist hier gesperrt. Geben Sie sie unter Benutzer frei.',
  'sso.fault.certificate_invalid':
    'Das Zertifikat ist nicht brauchbar. Fügen Sie das Signaturzertifikat des Identitätsanbieters als PEM ein.',
  'sso.fault.certificate_expired':
    'Das Zertifikat des Identitätsanbieters ist abgelaufen. Fügen Sie dessen neueste Metadaten oder Zertifikat ein.',
  'sso.fault.metadata_invalid':
    'Was der Identitätsanbieter über sich sagt, ist nicht lesbar. Prüfen Sie die Adresse des Ausstellers, oder fügen Sie die ganze Metadatendatei ein.',
  'sso.fault.cancelled':
    'Die Anmeldung wurde beim Identitätsanbieter abgebrochen, oder dieses Konto darf die Anwendung dort nicht nutzen. Weisen Sie sie ihm zu, und versuchen Sie es noch einmal.',
  'sso.fault.response_invalid':
    'Die Antwort des Identitätsanbieters war nicht verständlich. Unten steht, was er gesagt hat; zeigen Sie es dessen Administration.',
  'sso.proof': 'Nachweis der E-Mail-Domänen',
  'sso.proof.hint': 'Eine Domäne führt zu Ihrer Anmeldeseite, sobald ihr DNS zeigt, dass sie Ihnen gehört.',
  'sso.proof.waiting': 'Wartet auf den Nachweis',
  'sso.proof.by.before': 'Schon in Gebrauch, bevor Nachweise verlangt wurden',
  'sso.proof.by.dns': 'Nachgewiesen am {{when}}',
  'sso.proof.by.provider': 'Von Ihrem Anbieter am {{when}} bestätigt',
  'sso.proof.record': 'TXT-Eintrag von {{domain}}',
  'sso.proof.record.hint':
    'Tragen Sie ihn dort ein, wo Ihr DNS verwaltet wird, bei der Domäne selbst (oft „@“), neben dem, was dort steht. Er darf bleiben.',
  'sso.proof.check': 'Jetzt prüfen',
  'sso.proof.found.no_domain': 'Im DNS gibt es keine Domäne {{domain}}. Prüfen Sie die Schreibweise.',
  'sso.proof.found.no_record':
    '{{domain}} zeigt noch keinen Eintrag von uns. Bis ein neuer Eintrag zu sehen ist, kann es eine Stunde dauern.',
  'sso.proof.found.other_record':
    '{{domain}} zeigt einen anderen Eintrag von uns. Kopieren Sie den obigen genau. Dort steht:',
  'sso.proof.found.unreachable':
    'Die Nameserver von {{domain}} haben nicht geantwortet. Versuchen Sie es in einigen Minuten noch einmal.',
  'sso.proof.found.held_elsewhere':
    'Der Eintrag stimmt, aber ein anderes Unternehmen hat {{domain}} hier schon nachgewiesen. Fragen Sie Ihren Anbieter.',
  'sso.fault.domain_unproved':
    'Dass diese Domäne Ihrem Unternehmen gehört, ist noch nicht nachgewiesen. Tragen Sie den Eintrag ein, der beim Nachweis der E-Mail-Domänen steht.',
  'sso.reason.address_invalid': 'Das ist keine Adresse.',
  'sso.reason.address_credentials': 'Die Adresse darf weder Benutzernamen noch Passwort enthalten.',
  'sso.reason.address_not_https': 'Die Adresse muss mit https:// beginnen.',
  'sso.reason.address_private': 'Die Adresse liegt in einem privaten Netz, das dieser Dienst nicht erreicht.',
  'sso.reason.issuer_query': 'Ein Aussteller hat kein „?“ und kein „#“.',
  'sso.reason.scopes_openid': 'Unter den Scopes muss „openid“ sein.',
  'sso.reason.domains_missing': 'Nennen Sie die E-Mail-Domänen Ihrer Leute.',
  'sso.reason.domain_free_mail':
    'Bei dieser Domäne bekommt jeder eine Adresse. Nennen Sie Domänen, die Ihrem Unternehmen gehören.',
  'sso.reason.certificate_unreadable': 'Das ist kein Zertifikat im PEM-Format.',
  'sso.reason.certificates_missing': 'Ein Signaturzertifikat des Identitätsanbieters fehlt.',
  'sso.reason.certificates_too_many': 'Das sind zu viele Signaturzertifikate: höchstens fünf.',
  'sso.reason.entity_id_missing': 'Die Entity-ID des Identitätsanbieters fehlt.',
  'sso.reason.sign_on_url_missing': 'Die Anmeldeadresse des Identitätsanbieters (Redirect-Binding) fehlt.',
  'sso.reason.metadata_unreadable':
    'Diese Metadaten sind nicht lesbar. Fügen Sie die ganze Datei unverändert ein.',
  'sso.reason.metadata_no_provider': 'Diese Metadaten beschreiben keinen Identitätsanbieter.',
  'sso.reason.metadata_many_providers': 'Diese Metadaten beschreiben mehr als einen Identitätsanbieter.',
  'sso.reason.metadata_no_saml2': 'Dieser Identitätsanbieter bietet kein SAML 2.0 an.',
};
