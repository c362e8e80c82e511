export const sso = {
  'sso.title': 'Single sign-on',
  'sso.hint': 'People sign in with your company’s own sign-in page and need no other password.',
  'sso.state.none': 'Not set up',
  'sso.state.off': 'Off',
  'sso.state.on': 'On',
  'sso.state.only': 'The only way in',
  'sso.provider': 'At your identity provider',
  'sso.provider.hint':
    'Create an application there (Entra ID, Keycloak, Okta, Google …) and enter these addresses.',
  'sso.kind': 'Protocol',
  'sso.kind.oidc': 'OpenID Connect',
  'sso.kind.saml': 'SAML 2.0',
  'sso.redirectUri': 'Redirect address (redirect URI)',
  'sso.redirectUri.hint': 'Kind of application: web. Copy it exactly.',
  'sso.samlMetadata': 'Address of our metadata',
  'sso.samlMetadata.hint': 'Where your identity provider reads metadata, this is all it needs.',
  'sso.samlEntityId': 'Entity ID (audience)',
  'sso.samlAcs': 'Reply address (ACS URL)',
  'sso.here': 'What your identity provider tells you',
  'sso.here.hint': 'You find it at the application that you created there.',
  'sso.name': 'Name on the sign-in button',
  'sso.name.hint': 'People see “Continue with …”.',
  'sso.issuer': 'Issuer',
  'sso.issuer.hint':
    'An address such as https://login.example.com/company. What is found below it is read from there.',
  'sso.clientId': 'Client ID',
  'sso.clientSecret': 'Client secret',
  'sso.clientSecret.stored':
    'One is stored. Leave this empty to keep it; with another issuer or client ID, type the new one.',
  'sso.scopes': 'Scopes',
  'sso.metadata': 'Metadata of the identity provider (XML)',
  'sso.metadata.hint':
    'Paste the whole file: entity ID, sign-on address and certificates are read from it. Or type them below.',
  'sso.entityId': 'Entity ID of the identity provider',
  'sso.signOnUrl': 'Sign-on address',
  'sso.certificates': 'Signing certificates in use',
  'sso.certificate': 'Signing certificate (PEM)',
  'sso.certificate.hint': 'Leave this empty to keep those that are in use.',
  'sso.certificate.until': 'Valid until {{when}}',
  'sso.certificate.expired': 'Expired on {{when}}',
  'sso.emailAttribute': 'Attribute with the e-mail address',
  'sso.emailAttribute.hint': 'Without it, the NameID is taken.',
  'sso.nameAttribute': 'Attribute with the name',
  'sso.who': 'Who signs in this way',
  'sso.who.hint': 'Who enters an address of these domains is led to your sign-in page.',
  'sso.domains': 'E-mail domains',
  'sso.domains.hint': 'Such as example.com; Enter after each.',
  'sso.domains.taken': 'One of these domains belongs to another company here.',
  'sso.justInTime': 'Create people when they sign in for the first time',
  'sso.justInTime.hint':
    'Without this, only people whom you have added get in. They have no line until you give them one.',
  'sso.enabled': 'Use single sign-on',
  'sso.enabled.hint': 'You can save and test while it is off.',
  'sso.only': 'Passwords are no way in any more',
  'sso.only.hint':
    'Can be turned on once a test has passed or an administrator has a second factor: administrators with a second factor still get in by password, so that nobody is locked out.',
  'sso.test': 'Test',
  'sso.test.hint': 'Signs you in once as your people will, in a new tab. Nothing changes for anybody.',
  'sso.test.begin': 'Test sign-in',
  'sso.test.saveFirst': 'Save the settings first; a test is for what is saved.',
  'sso.test.waiting': 'Waiting until you have signed in at your identity provider.',
  'sso.test.open': 'Open the sign-in page',
  'sso.test.passed': 'It works',
  'sso.test.passed.who': 'Signed in as {{who}}.',
  'sso.test.failed': 'It does not work yet',
  'sso.remove': 'Remove single sign-on',
  'sso.remove.hint':
    'People then sign in with a password or passkey. Who has none gets one by “Forgot your password?”.',
  'sso.remove.title': 'Remove single sign-on?',
  'sso.remove.sure': 'Nobody gets in through your identity provider any more. The settings are gone.',
  'sso.removed': 'Single sign-on has been removed.',
  'sso.fault.issuer_unreachable':
    'The identity provider does not answer. Check the issuer’s address, and that it can be reached from the Internet.',
  'sso.fault.issuer_mismatch':
    'The identity provider names itself differently. Copy the issuer exactly as it says it, with or without a slash at the end.',
  'sso.fault.client_rejected':
    'The identity provider does not accept client ID or secret. Copy both again; secrets expire at many providers.',
  'sso.fault.redirect_uri_rejected':
    'The identity provider does not know our redirect address. Enter the one above there, exactly.',
  'sso.fault.state_unknown':
    'The answer belongs to no sign-in that was begun here, or came too late. Begin the test again, in the same browser.',
  'sso.fault.signature_missing':
    'The answer is not signed. Turn on signing of responses or assertions at the identity provider.',
  'sso.fault.signature_invalid':
    'The signature does not fit the certificate that is stored here. Paste the newest metadata or certificate.',
  'sso.fault.audience_wrong':
    'The answer is meant for another application. Check client ID, or the entity ID (audience) at the identity provider.',
  'sso.fault.assertion_expired':
    'The answer was too old when it came. Begin again; if it stays so, check the identity provider’s clock.',
  'sso.fault.assertion_replayed':
    'This answer has been used already. Do not reload the page of the sign-in; begin the test again.',
  'sso.fault.clock_skew': 'The clocks differ too much. Set the identity provider’s clock by a time server.',
  'sso.fault.nonce_wrong': 'The answer belongs to another sign-in. Begin the test again.',
  'sso.fault.email_missing':
    'The identity provider sent no e-mail address. Let it release one: the scope “email”, or the attribute that is named here.',
  'sso.fault.email_unverified':
    'The identity provider has not verified this e-mail address. Verify it there.',
  'sso.fault.domain_not_allowed':
    'The address is of a domain that is not named here. Add it under e-mail domains, or sign in with another account.',
  'sso.fault.user_unknown':
    'Nobody here has this e-mail address. Add the person, or let people be created when they sign in.',
  'sso.fault.user_disabled': 'This person is disabled here. Enable them under users.',
  'sso.fault.certificate_invalid':
    'The certificate cannot be used. Paste the signing certificate of the identity provider as PEM.',
  'sso.fault.certificate_expired':
    'The identity provider’s certificate has expired. Paste its newest metadata or certificate.',
  'sso.fault.metadata_invalid':
    'What the identity provider says of itself cannot be read. Check the issuer’s address, or paste the whole metadata file.',
  'sso.fault.cancelled':
    'The sign-in was cancelled at the identity provider, or this account may not use the application there. Assign it, and try again.',
  'sso.fault.response_invalid':
    'The identity provider’s answer was not understood. What it said is below; show it to whoever administers it.',
  'sso.proof': 'Proof of the e-mail domains',
  'sso.proof.hint': 'A domain leads to your sign-in page once its DNS shows that it is yours.',
  'sso.proof.waiting': 'Waiting for proof',
  'sso.proof.by.before': 'In use since before proofs were asked for',
  'sso.proof.by.dns': 'Proved on {{when}}',
  'sso.proof.by.provider': 'Proved by your provider on {{when}}',
  'sso.proof.record': 'TXT record of {{domain}}',
  'sso.proof.record.hint':
    'Enter it at whoever runs your DNS, at the domain itself (often “@”), beside what is there. It may stay.',
  'sso.proof.check': 'Check now',
  'sso.proof.found.no_domain': 'There is no domain {{domain}} in the DNS. Check how it is written.',
  'sso.proof.found.no_record':
    '{{domain}} shows no record of ours yet. A new record may take up to an hour to be seen.',
  'sso.proof.found.other_record':
    '{{domain}} shows another record of ours. Copy the one above, exactly. What is there:',
  'sso.proof.found.unreachable': 'The name servers of {{domain}} did not answer. Try again in a few minutes.',
  'sso.proof.found.held_elsewhere':
    'The record is right, but another company here has already proved {{domain}}. Ask your provider.',
  'sso.fault.domain_unproved':
    'That this domain belongs to your company is not proved yet. Enter the record that is shown at the proof of the e-mail domains.',
  'sso.reason.address_invalid': 'This is not an address.',
  'sso.reason.address_credentials': 'The address must not hold a user name or password.',
  'sso.reason.address_not_https': 'The address must begin with https://.',
  'sso.reason.address_private': 'The address is of a private network, which this service does not reach.',
  'sso.reason.issuer_query': 'An issuer has no “?” and no “#”.',
  'sso.reason.scopes_openid': '“openid” must be among the scopes.',
  'sso.reason.domains_missing': 'Name the e-mail domains of your people.',
  'sso.reason.domain_free_mail':
    'Anybody gets an address of this domain. Name domains that belong to your company.',
  'sso.reason.certificate_unreadable': 'This is not a certificate in PEM format.',
  'sso.reason.certificates_missing': 'A signing certificate of the identity provider is missing.',
  'sso.reason.certificates_too_many': 'There are too many signing certificates: five at most.',
  'sso.reason.entity_id_missing': 'The entity ID of the identity provider is missing.',
  'sso.reason.sign_on_url_missing':
    'The sign-on address of the identity provider (redirect binding) is missing.',
  'sso.reason.metadata_unreadable': 'This metadata cannot be read. Paste the whole file, unchanged.',
  'sso.reason.metadata_no_provider': 'This metadata describes no identity provider.',
  'sso.reason.metadata_many_providers': 'This metadata describes more than one identity provider.',
  'sso.reason.metadata_no_saml2': 'This identity provider does not offer SAML 2.0.',
} as const;
