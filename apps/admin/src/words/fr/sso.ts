import type { sso as english } from '../en/sso.ts';

export const sso: Record<keyof typeof english, string> = {
  'sso.title': 'Authentification unique',
  'sso.hint': 'Chacun se connecte par la page de votre entreprise, sans autre mot de passe.',
  'sso.state.none': 'Non configurée',
  'sso.state.off': 'Désactivée',
  'sso.state.on': 'Activée',
  'sso.state.only': 'Seul accès',
  'sso.provider': 'Chez votre fournisseur d’identité',
  'sso.provider.hint':
    'Créez-y une application (Entra ID, Keycloak, Okta, Google…) et saisissez ces adresses.',
  'sso.kind': 'Protocole',
  'sso.kind.oidc': 'OpenID Connect',
  'sso.kind.saml': 'SAML 2.0',
  'sso.redirectUri': 'Adresse de redirection (redirect URI)',
  'sso.redirectUri.hint': 'Type d’application : web. À copier tel quel.',
  'sso.samlMetadata': 'Adresse de nos métadonnées',
  'sso.samlMetadata.hint': 'Si votre fournisseur d’identité lit les métadonnées, cela lui suffit.',
  'sso.samlEntityId': 'Entity ID (audience)',
  'sso.samlAcs': 'Adresse de réponse (URL ACS)',
  'sso.here': 'Ce que vous indique votre fournisseur d’identité',
  'sso.here.hint': 'Vous le trouvez dans l’application que vous y avez créée.',
  'sso.name': 'Nom sur le bouton de connexion',
  'sso.name.hint': 'On voit « Continuer avec … ».',
  'sso.issuer': 'Émetteur (issuer)',
  'sso.issuer.hint':
    'Une adresse telle que https://login.example.com/company. Le reste y est lu automatiquement.',
  'sso.clientId': 'Client ID',
  'sso.clientSecret': 'Secret client',
  'sso.clientSecret.stored':
    'Un secret est enregistré. Laissez vide pour le conserver ; avec un autre émetteur ou client ID, saisissez le nouveau.',
  'sso.scopes': 'Scopes',
  'sso.metadata': 'Métadonnées du fournisseur d’identité (XML)',
  'sso.metadata.hint':
    'Collez le fichier entier : entity ID, adresse de connexion et certificats y sont lus. Ou saisissez-les ci-dessous.',
  'sso.entityId': 'Entity ID du fournisseur d’identité',
  'sso.signOnUrl': 'Adresse de connexion',
  'sso.certificates': 'Certificats de signature utilisés',
  'sso.certificate': 'Certificat de signature (PEM)',
  'sso.certificate.hint': 'Laissez vide pour conserver ceux qui sont utilisés.',
  'sso.certificate.until': 'Valable jusqu’au {{when}}',
  'sso.certificate.expired': 'Expiré le {{when}}',
  'sso.emailAttribute': 'Attribut contenant l’adresse e-mail',
  'sso.emailAttribute.hint': 'À défaut, le NameID est utilisé.',
  'sso.nameAttribute': 'Attribut contenant le nom',
  'sso.who': 'Qui se connecte ainsi',
  'sso.who.hint': 'Qui saisit une adresse de ces domaines est dirigé vers votre page de connexion.',
  'sso.domains': 'Domaines e-mail',
  'sso.domains.hint': 'Par exemple example.com ; Entrée après chacun.',
  'sso.domains.taken': 'Un de ces domaines appartient ici à une autre entreprise.',
  'sso.justInTime': 'Créer les personnes à leur première connexion',
  'sso.justInTime.hint':
    'Sinon, seules entrent les personnes que vous avez ajoutées. Elles n’ont pas de ligne tant que vous n’en attribuez pas.',
  'sso.enabled': 'Utiliser l’authentification unique',
  'sso.enabled.hint': 'Vous pouvez enregistrer et tester tant qu’elle est désactivée.',
  'sso.only': 'Les mots de passe ne donnent plus accès',
  'sso.only.hint':
    'Activable une fois un test réussi ou un second facteur configuré pour un administrateur : les administrateurs dotés d’un second facteur gardent l’accès par mot de passe, pour que personne ne reste enfermé dehors.',
  'sso.test': 'Test',
  'sso.test.hint':
    'Vous connecte une fois comme le feront les autres, dans un nouvel onglet. Rien ne change pour personne.',
  'sso.test.begin': 'Tester la connexion',
  'sso.test.saveFirst': 'Enregistrez d’abord les réglages ; le test porte sur ce qui est enregistré.',
  'sso.test.waiting': 'En attente de votre connexion chez le fournisseur d’identité.',
  'sso.test.open': 'Ouvrir la page de connexion',
  'sso.test.passed': 'Cela fonctionne',
  'sso.test.passed.who': 'Connecté en tant que {{who}}.',
  'sso.test.failed': 'Cela ne fonctionne pas encore',
  'sso.remove': 'Supprimer l’authentification unique',
  'sso.remove.hint':
    'On se connecte alors avec un mot de passe ou une clé d’accès. Qui n’en a pas passe par « Mot de passe oublié ? ».',
  'sso.remove.title': 'Supprimer l’authentification unique ?',
  'sso.remove.sure': 'Plus personne n’entre par votre fournisseur d’identité. Les réglages disparaissent.',
  'sso.removed': 'L’authentification unique a été supprimée.',
  'sso.fault.issuer_unreachable':
    'Le fournisseur d’identité ne répond pas. Vérifiez l’adresse de l’émetteur et qu’elle est joignable depuis Internet.',
  'sso.fault.issuer_mismatch':
    'Le fournisseur d’identité se nomme autrement. Copiez l’émetteur exactement comme il l’indique, barre oblique finale comprise ou non.',
  'sso.fault.client_rejected':
    'Le fournisseur d’identité refuse le client ID ou le secret. Copiez-les à nouveau ; les secrets expirent chez beaucoup de fournisseurs.',
  'sso.fault.redirect_uri_rejected':
    'Le fournisseur d’identité ne connaît pas notre adresse de redirection. Saisissez-y exactement celle indiquée ci-dessus.',
  'sso.fault.state_unknown':
    'La réponse ne correspond à aucune connexion commencée ici, ou arrive trop tard. Recommencez le test, dans le même navigateur.',
  'sso.fault.signature_missing':
    'La réponse n’est pas signée. Activez la signature des réponses ou des assertions chez le fournisseur d’identité.',
  'sso.fault.signature_invalid':
    'La signature ne correspond pas au certificat enregistré ici. Collez les dernières métadonnées ou le dernier certificat.',
  'sso.fault.audience_wrong':
    'La réponse est destinée à une autre application. Vérifiez le client ID, ou l’entity ID (audience) chez le fournisseur d’identité.',
  'sso.fault.assertion_expired':
    'La réponse était trop ancienne à son arrivée. Recommencez ; si cela persiste, vérifiez l’horloge du fournisseur d’identité.',
  'sso.fault.assertion_replayed':
    'Cette réponse a déjà servi. Ne rechargez pas la page de connexion ; recommencez le test.',
  'sso.fault.clock_skew':
    'Les horloges diffèrent trop. Réglez celle du fournisseur d’identité sur un serveur de temps.',
  'sso.fault.nonce_wrong': 'La réponse appartient à une autre connexion. Recommencez le test.',
  'sso.fault.email_missing':
    'Le fournisseur d’identité n’a pas transmis d’adresse e-mail. Faites-la transmettre : scope « email », ou l’attribut indiqué ici.',
  'sso.fault.email_unverified':
    'Le fournisseur d’identité n’a pas vérifié cette adresse e-mail. Faites-la vérifier chez lui.',
  'sso.fault.domain_not_allowed':
    'L’adresse appartient à un domaine qui n’est pas indiqué ici. Ajoutez-le aux domaines e-mail, ou utilisez un autre compte.',
  'sso.fault.user_unknown':
    'Personne ici n’a cette adresse e-mail. Ajoutez la personne, ou laissez créer les personnes à la connexion.',
  'sso.fault.user_disabled': 'Cette personne est désactivée ici. Réactivez-la dans les utilisateurs.',
  'sso.fault.certificate_invalid':
    'Le certificat est inutilisable. Collez le certificat de signature du fournisseur d’identité au format PEM.',
  'sso.fault.certificate_expired':
    'Le certificat du fournisseur d’identité a expiré. Collez ses dernières métadonnées ou son dernier certificat.',
  'sso.fault.metadata_invalid':
    'Les informations du fournisseur d’identité sont illisibles. Vérifiez l’adresse de l’émetteur, ou collez le fichier de métadonnées entier.',
  'sso.fault.cancelled':
    'La connexion a été annulée chez le fournisseur d’identité, ou ce compte n’a pas accès à l’application. Attribuez-la-lui et réessayez.',
  'sso.fault.response_invalid':
    'La réponse du fournisseur d’identité n’a pas été comprise. Elle figure ci-dessous ; montrez-la à son administrateur.',
  'sso.proof': 'Preuve des domaines e-mail',
  'sso.proof.hint': 'Un domaine mène à votre page de connexion dès que son DNS montre qu’il est à vous.',
  'sso.proof.waiting': 'En attente de preuve',
  'sso.proof.by.before': 'Utilisé avant que des preuves soient demandées',
  'sso.proof.by.dns': 'Prouvé le {{when}}',
  'sso.proof.by.provider': 'Confirmé par votre fournisseur le {{when}}',
  'sso.proof.record': 'Enregistrement TXT de {{domain}}',
  'sso.proof.record.hint':
    'Saisissez-le là où votre DNS est géré, au domaine lui-même (souvent « @ »), à côté de ce qui s’y trouve. Il peut y rester.',
  'sso.proof.check': 'Vérifier maintenant',
  'sso.proof.found.no_domain': 'Le domaine {{domain}} n’existe pas dans le DNS. Vérifiez son orthographe.',
  'sso.proof.found.no_record':
    '{{domain}} ne montre encore aucun enregistrement de notre part. Un nouvel enregistrement peut mettre une heure à apparaître.',
  'sso.proof.found.other_record':
    '{{domain}} montre un autre de nos enregistrements. Copiez exactement celui ci-dessus. On y trouve :',
  'sso.proof.found.unreachable':
    'Les serveurs de noms de {{domain}} n’ont pas répondu. Réessayez dans quelques minutes.',
  'sso.proof.found.held_elsewhere':
    'L’enregistrement est correct, mais une autre entreprise a déjà prouvé {{domain}} ici. Adressez-vous à votre fournisseur.',
  'sso.fault.domain_unproved':
    'Il n’est pas encore prouvé que ce domaine appartient à votre entreprise. Saisissez l’enregistrement affiché à la preuve des domaines e-mail.',
  'sso.reason.address_invalid': 'Ce n’est pas une adresse.',
  'sso.reason.address_credentials': 'L’adresse ne doit contenir ni nom d’utilisateur ni mot de passe.',
  'sso.reason.address_not_https': 'L’adresse doit commencer par https://.',
  'sso.reason.address_private': 'L’adresse est celle d’un réseau privé, que ce service n’atteint pas.',
  'sso.reason.issuer_query': 'Un émetteur n’a ni « ? » ni « # ».',
  'sso.reason.scopes_openid': '« openid » doit figurer parmi les scopes.',
  'sso.reason.domains_missing': 'Indiquez les domaines e-mail de votre personnel.',
  'sso.reason.domain_free_mail':
    'N’importe qui obtient une adresse de ce domaine. Indiquez des domaines qui appartiennent à votre entreprise.',
  'sso.reason.certificate_unreadable': 'Ce n’est pas un certificat au format PEM.',
  'sso.reason.certificates_missing': 'Il manque un certificat de signature du fournisseur d’identité.',
  'sso.reason.certificates_too_many': 'Il y a trop de certificats de signature : cinq au plus.',
  'sso.reason.entity_id_missing': 'Il manque l’identifiant d’entité du fournisseur d’identité.',
  'sso.reason.sign_on_url_missing':
    'Il manque l’adresse de connexion du fournisseur d’identité (liaison par redirection).',
  'sso.reason.metadata_unreadable':
    'Ces métadonnées sont illisibles. Collez le fichier entier, sans modification.',
  'sso.reason.metadata_no_provider': 'Ces métadonnées ne décrivent aucun fournisseur d’identité.',
  'sso.reason.metadata_many_providers': 'Ces métadonnées décrivent plusieurs fournisseurs d’identité.',
  'sso.reason.metadata_no_saml2': 'Ce fournisseur d’identité ne propose pas SAML 2.0.',
};
